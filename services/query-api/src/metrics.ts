import { TIMEFRAMES } from '@crypto-signals/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Hub } from './live/hub.ts'
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

/** The figures of streams; `hub` is asked when they are read. */
export function meterStreams(registry: Registry, hub: () => Pick<Hub, 'countOf'>) {
  const registers = [registry]
  registry.registerMetric(
    new Gauge({
      name: 'query_stream_clients',
      help: 'Streams that are open',
      labelNames: ['transport'],
      registers: [],
      collect() {
        for (const transport of ['sse', 'websocket'] as const) this.set({ transport }, hub().countOf(transport))
      },
    }),
  )
  const [labelNames, transports] = [['transport'] as const, 'by transport']
  const messages = new Counter({
    name: 'query_stream_messages_total',
    help: `Messages sent to streams, ${transports}`,
    labelNames,
    registers,
  })
  const bytes = new Counter({
    name: 'query_stream_bytes_total',
    help: `Bytes of the messages sent to streams, ${transports}`,
    labelNames,
    registers,
  })
  const dropped = new Counter({
    name: 'query_stream_dropped_total',
    help: 'Streams that were ended because their reader was too slow, by reason: stalled, behind, silent',
    labelNames: ['reason'],
    registers,
  })
  return { messages, bytes, dropped }
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
