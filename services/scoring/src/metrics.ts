import { Counter, Histogram, type Registry } from 'prom-client'

/** What scoring measures. */
export function createScoringMetrics(registry: Registry) {
  const registers = [registry]
  return {
    coins: new Counter({ name: 'scoring_coins_scored_total', help: 'Coins scored on all horizons', registers }),
    batchDuration: new Histogram({
      name: 'scoring_batch_duration_seconds',
      help: 'Time to load, score and store one batch of quotes',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
  }
}
