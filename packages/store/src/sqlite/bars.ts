import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { BARS_KEPT } from '@crypto-signals/contracts'
import { barsBetween, barsIn, bytesOf, mergeBars, NO_BARS, packBars, seriesOf } from '../packed-bars.ts'
import type { BarStore, CoinBars } from '../store.ts'
import { transaction } from './transaction.ts'

/** A row a coin and interval. */
export function barStore(db: DatabaseSync): BarStore {
  const one = db.prepare(`SELECT packed FROM bars WHERE interval = ? AND coin_id = ?`)
  const put = db.prepare(`INSERT OR REPLACE INTO bars (interval, coin_id, packed) VALUES (?, ?, ?)`)
  const page = db.prepare(PAGE)
  const stored = (interval: string, coinId: string) => {
    const row = one.get(interval, coinId) as { packed: Uint8Array } | undefined
    return row === undefined ? NO_BARS : barsIn(row.packed)
  }
  return {
    save: async (bars) => {
      const packed = bars.map(({ coinId, interval, series }) => ({ coinId, interval, news: packBars(series) }))
      transaction(db, () => {
        for (const { coinId, interval, news } of packed) {
          put.run(interval, coinId, bytesOf(mergeBars(stored(interval, coinId), news, BARS_KEPT[interval])))
        }
      })
    },
    of: async (coinId, interval, range) => barsBetween(stored(interval, coinId), range),
    async *all(interval, size) {
      let after = ''
      for (;;) {
        const rows = page.all(interval, after, size) as { coinId: string; packed: Uint8Array }[]
        const last = rows.at(-1)
        if (last === undefined) return
        yield rows.map(({ coinId, packed }): CoinBars => ({ coinId, interval, series: seriesOf(barsIn(packed)) }))
        after = last.coinId
        await setImmediate()
      }
    },
  }
}

const PAGE = `
  SELECT coin_id AS coinId, packed FROM bars WHERE interval = ? AND coin_id > ? ORDER BY coin_id LIMIT ?`
