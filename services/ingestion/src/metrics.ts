import { Counter, Gauge, type Registry } from 'prom-client'

export interface IngestionMetrics {
  calls: Counter<'source' | 'outcome'>
  rows: Counter<'source' | 'result'>
  badRows: Counter<'source' | 'reason'>
  failedChunks: Counter<'source'>
  sweepChunks: Gauge<'source' | 'state'>
}

/** A source as the gauges that are read on demand see it. */
export interface MeteredSource {
  name: string
  /** Age of the newest finished sweep in seconds, null before the first. */
  sweepAgeSeconds(): number | null
  budgetLeft(): Promise<{ minute: number; month: number | null }>
}

/** What is asked at each scrape. */
export interface Metered {
  /** Those that this process watches now. */
  sources: () => readonly MeteredSource[]
  isLeading: () => boolean
}

/** Ingestion's figures. */
export function createIngestionMetrics(registry: Registry, { sources, isLeading }: Metered): IngestionMetrics {
  const registers = [registry]
  meterSources(registry, sources)
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
      help: 'Chunks of a sweep given up',
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

function meterSources(registry: Registry, sources: () => readonly MeteredSource[]): void {
  const sweepAge = new Gauge({
    name: 'ingestion_sweep_age_seconds',
    help: 'Time since the newest whole sweep ended',
    labelNames: ['source'],
    registers: [],
    collect() {
      // What this process once watched may be another's by now.
      this.reset()
      for (const source of sources()) {
        const age = source.sweepAgeSeconds()
        if (age !== null) this.set({ source: source.name }, age)
      }
    },
  })
  const budgetLeft = new Gauge({
    name: 'ingestion_budget_left',
    help: 'Calls left in the running minute and month',
    labelNames: ['source', 'window'],
    registers: [],
    async collect() {
      this.reset()
      for (const source of sources()) {
        // A store that does not answer must not take the other figures with it.
        const left = await source.budgetLeft().catch(() => null)
        if (left === null) continue
        this.set({ source: source.name, window: 'minute' }, left.minute)
        if (left.month !== null) this.set({ source: source.name, window: 'month' }, left.month)
      }
    },
  })
  registry.registerMetric(sweepAge)
  registry.registerMetric(budgetLeft)
}
