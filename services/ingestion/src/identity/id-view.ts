import type { SourceFacts } from '../source.ts'
import { createBestPairs } from './best-pairs.ts'
import type { Ground } from './ground.ts'
import { type Sighting, sightingOf } from './sighting.ts'
import type { SourceView } from './source-view.ts'

/** Of a source whose keys are the coins' own ids: what is listed needs no proof, and its prices are what others are compared with. */
export function createIdView(facts: SourceFacts, ground: Ground): SourceView {
  const best = createBestPairs()
  return {
    facts,
    coins: best.coins,
    resolve({ rows, receivedAt: nowMs }) {
      best.begin(nowMs)
      for (const [index, row] of rows.entries()) {
        if (ground.catalog.get(row.key) !== null) best.offer(row.key, { index, key: row.key, volumeUsd: 0 })
      }
      const sightings: Sighting[] = []
      for (const index of best.chosen()) {
        const row = rows[index]
        const coin = row && ground.catalog.get(row.key)
        const usd = row && ground.currencies.usdPer(row.currency, nowMs)
        if (!coin || !usd) continue
        const sighting = sightingOf(row, { coin, symbol: row.symbol, name: row.name, usd, multiplier: 1 })
        sightings.push(sighting)
        if (sighting.priceUsd !== null) ground.reference.note(coin.id, sighting.priceUsd, row.observedAtMs)
      }
      return sightings
    },
    keyOf: (coinId) => (ground.catalog.get(coinId) === null ? null : { key: coinId, multiplier: 1 }),
    tidy: (nowMs) => best.tidy(nowMs),
  }
}
