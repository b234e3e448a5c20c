import {
  BAR_INTERVALS,
  BAR_MS,
  BARS_KEPT,
  type BarInterval,
  SCORE_INTERVALS,
  SCORES_KEPT,
  type ScoreInterval,
} from '@crypto-signals/contracts'
import { manyQuotes, manyScoredCoins } from '@crypto-signals/testing'
import { BSON } from 'mongodb'
import t from 'tap'
import { mappingOf } from '../contract/mappings.contract.ts'
import { coinScoresOf } from '../contract/scores.contract.ts'
import type { CoinBars } from '../store.ts'
import { mongoForTests, openWithConnection } from './test/mongo.ts'

const { skip, freshDatabase } = await mongoForTests()

const COINS = 17_200
const SAMPLE = 50
const MAPPINGS_PER_COIN = 4
// As servers count megabytes.
const FREE_BYTES = 512 * 2 ** 20

t.test(
  'every coin with four signals and their history, a year of daily bars and all else fits where 512 MB are free',
  { skip },
  async (t) => {
    await using opened = await openWithConnection(freshDatabase())
    const { db, store } = opened
    const coinIds = Array.from({ length: SAMPLE }, (_, index) => `a-coin-with-an-id-${index}`)
    const named = <T extends { coinId: string }>(rows: T[]) =>
      rows.map((row, index) => ({ ...row, coinId: coinIds[index] ?? '' }))
    await store.quotes.save(
      named(manyQuotes(SAMPLE)).map((quote) => ({ ...quote, image: 'x'.repeat(80), origins: ORIGINS })),
    )
    await store.signals.save(
      named(manyScoredCoins(SAMPLE)).map(({ signals, ...coin }) => ({ ...coin, signals: signals.map(explained) })),
    )
    await store.bars.save(coinIds.flatMap((coinId) => BAR_INTERVALS.map((interval) => fullBars(coinId, interval))))
    await store.scores.save(
      coinIds.flatMap((coinId) => SCORE_INTERVALS.map((interval) => fullScores(coinId, interval))),
    )
    await store.mappings.save(
      coinIds.flatMap((coinId) =>
        Array.from({ length: MAPPINGS_PER_COIN }, (_, n) =>
          mappingOf({ source: `some-source-${n}`, key: coinId, coinId }),
        ),
      ),
    )
    await store.sources.saveUniverse('alpha', ORIGIN.observedAt, coinIds.map(listed))
    let sum = 0
    for (const name of ['bars', 'signals', 'quotes', 'scores', 'mappings', 'universes']) {
      const documents = await db.collection<{ _id: string }>(name).find().toArray()
      const bytes = documents.reduce((all, doc) => all + BSON.calculateObjectSize(doc) + indexBytes(doc._id), 0)
      const all = (bytes * COINS) / SAMPLE
      sum += all
      t.comment(`${name}: ${megabytes(all)}`)
    }
    t.comment(`together: ${megabytes(sum)} for ${COINS} coins`)
    t.ok(sum < FREE_BYTES)
  },
)

const ORIGIN = { source: 'some-source', observedAt: '2026-01-01T00:00:00.000Z' }
const ORIGINS = { range: ORIGIN, volume: ORIGIN, supply: ORIGIN, changes: ORIGIN, sparkline: ORIGIN }

/** With reasons of the length that they usually have, and a previous one. */
const explained = <S extends { breakdown: { why: string }[] }>(signal: S) => ({
  ...signal,
  breakdown: signal.breakdown.map((part) => ({ ...part, why: 'y'.repeat(60) })),
  previous: { action: 'STRONG_BUY' as const, finalScore: 50.5, at: ORIGIN.observedAt },
})

const listed = (id: string) => ({ id, symbol: 'abcd', name: id, platforms: { ethereum: `0x${'0'.repeat(40)}` } })

function fullBars(coinId: string, interval: BarInterval): CoinBars {
  const kept = BARS_KEPT[interval]
  const openedAtMs = Float64Array.from({ length: kept }, (_, index) => (20_000 + index) * BAR_MS['1d'])
  const prices = Float32Array.from({ length: kept }, (_, index) => index + 1 / 3)
  const [open, high, low, close, volumeUsd] = [prices, prices, prices, prices, prices]
  return { coinId, interval, series: { openedAtMs, open, high, low, close, volumeUsd, filled: new Uint8Array(kept) } }
}

const fullScores = (coinId: string, interval: ScoreInterval) =>
  coinScoresOf(
    { coinId, interval },
    Array.from({ length: SCORES_KEPT[interval] }, (_, index) => index),
  )

/** What an entry of the index of ids takes, at the most: the id, where its document is, and a page that is two thirds full. */
const indexBytes = (id: string) => 1.5 * (id.length + 16)

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
