import { Counter, Gauge, type Registry } from 'prom-client'
import type { MarketWatch } from './market-watch.ts'
import type { IngestionMetrics } from './planning/metrics.ts'
import { meterWatch } from './watch-gauges.ts'

/** What is asked at each scrape. */
export interface Metered {
  /** Null while another process watches the sources. */
  watch: () => MarketWatch | null
  isLeading: () => boolean
}

/** Ingestion's figures. */
export function createIngestionMetrics(registry: Registry, { watch, isLeading }: Metered): IngestionMetrics {
  const registers = [registry]
  meterWatch(registry, watch)
  meterLeader(registry, isLeading)
  return {
    calls: new Counter({
      name: 'ingestion_calls_total',
      help: 'Calls to a market source by how they ended',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    rows: new Counter({
      name: 'ingestion_rows_total',
      help: 'Rows received: good, bad or repeated',
      labelNames: ['source', 'result'],
      registers,
    }),
    badRows: new Counter({
      name: 'ingestion_bad_rows_total',
      help: 'Rows left out by what is wrong with them',
      labelNames: ['source', 'reason'],
      registers,
    }),
    failedChunks: new Counter({
      name: 'ingestion_failed_chunks_total',
      help: 'Calls of a round given up',
      labelNames: ['source'],
      registers,
    }),
    sweepChunks: new Gauge({
      name: 'ingestion_sweep_chunks',
      help: 'Chunks of the newest sweep: done and total',
      labelNames: ['source', 'state'],
      registers,
    }),
  }
}

function meterLeader(registry: Registry, isLeading: () => boolean): void {
  const leader = new Gauge({
    name: 'ingestion_leader',
    help: 'Whether this process watches the sources: 1, or stands by: 0',
    registers: [],
    collect() {
      this.set(isLeading() ? 1 : 0)
    },
  })
  registry.registerMetric(leader)
}
