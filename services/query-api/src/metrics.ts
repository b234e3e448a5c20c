import { TIMEFRAMES } from '@crypto-signals/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Market } from './read-model/market.ts'

/** The read model's figures in the registry of the process. */
export function meterMarket(market: Market, registry: Registry) {
  const registers = [registry]
  gauge(registry, 'query_coins', 'Coins held with an observation', () => market.coins.size)
  gauge(registry, 'query_signals', 'Signals held, one for each scored coin and horizon', () => {
    return market.signals.size * TIMEFRAMES.length
  })
  return {
    refresh: new Histogram({
      name: 'query_refresh_duration_seconds',
      help: 'Time to take one collection of rows in and bring every order up to date',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
      registers,
    }),
    versions: new Counter({ name: 'query_data_versions_total', help: 'Refreshes that changed something', registers }),
    refused: new Counter({ name: 'query_rows_refused_total', help: 'Rows that were not what they must be', registers }),
  }
}

/** A gauge that is read when it is asked for. */
const gauge = (registry: Registry, name: string, help: string, read: () => number) =>
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    }),
  )
