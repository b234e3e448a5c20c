import { SCORE_INTERVALS, type ScoredCoin, scorePointOf } from '@crypto-signals/contracts'
import type { Ports } from '@crypto-signals/service'
import { type CoinScores, StoreError } from '@crypto-signals/store'

/** Coins' scores as they were at the end of each hour and day. */
export interface History {
  /** Keeps those that end; rejects when the store is away. Points that it refuses are lost and logged: they hold up no signals. */
  keep(ended: readonly CoinScores[]): Promise<void>
}

export function createHistory({ store, log }: Pick<Ports, 'store' | 'log'>): History {
  return {
    async keep(ended) {
      if (ended.length === 0) return
      await store.scores.save(ended).catch((error: unknown) => {
        if (!(error instanceof StoreError && error.code === 'STORE_REFUSED')) throw error
        log.error({ err: error, points: ended.length }, 'points of the history of scores refused')
      })
    },
  }
}

/** What new signals of a coin end: where they begin an hour or a day, those before were the last of theirs. */
export function endedBy(coin: ScoredCoin, before: ScoredCoin): CoinScores[] {
  if (!isDated(coin) || !isDated(before)) return []
  return SCORE_INTERVALS.flatMap((interval) => {
    const last = scorePointOf(before, interval)
    return last.at < scorePointOf(coin, interval).at ? { coinId: coin.coinId, interval, points: [last] } : []
  })
}

// The schema lets instants through that do not exist.
const isDated = ({ signals }: ScoredCoin) =>
  signals.every(({ observedAt, updatedAt }) => Math.min(Date.parse(observedAt), Date.parse(updatedAt)) >= 0)
