import type { Quote, ScoredCoin } from '@crypto-signals/contracts'
import type { Ports } from '@crypto-signals/service'
import { createHistory } from './history.ts'
import { createScoringMetrics } from './metrics.ts'
import { scoreBatch } from './score-batch.ts'

/** Scores quotes, stores their signals and the history of those before, and keeps count of them. */
export interface Scorer {
  /** What must be published of the quotes, stored before it returns. */
  score(quotes: readonly Quote[]): Promise<ScoredCoin[]>
  /** How many coins were scored so far. */
  readonly scored: number
}

export function createScorer({ store, log, metrics }: Pick<Ports, 'store' | 'log' | 'metrics'>): Scorer {
  const meters = createScoringMetrics(metrics)
  const records = { signals: store.signals, history: createHistory({ store, log }) }
  let scored = 0
  return {
    async score(quotes) {
      const measured = meters.batchDuration.startTimer()
      const batch = await scoreBatch(records, quotes)
      measured()
      meters.coins.inc(batch.scored)
      scored += batch.scored
      for (const { coinId, signals } of batch.coins) {
        log.debug({ coinId, scores: signals.map(({ finalScore }) => finalScore) }, 'coin scored')
      }
      return batch.coins
    },
    get scored() {
      return scored
    },
  }
}
