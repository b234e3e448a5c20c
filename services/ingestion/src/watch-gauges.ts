import { Gauge, type Registry } from 'prom-client'
import type { MarketWatch } from './market-watch.ts'
import type { Watch } from './planning/watch.ts'

/** Registers what is asked at each scrape of whoever watches the sources now; nothing while that is another process. */
export function meterWatch(registry: Registry, watch: () => MarketWatch | null): void {
  meterBudgets(registry, watch)
  meterCounts(registry, watch)
  const ofSource = (name: string, help: string, told: (watch: Watch) => number | null) =>
    meter(registry, { name, help, labelNames: ['source'] }, async (set) => {
      for (const one of watch()?.watches ?? []) {
        const value = told(one)
        if (value !== null) set({ source: one.source.facts.name }, value)
      }
    })
  ofSource('ingestion_sweep_age_seconds', 'Time since the newest whole sweep ended', (one) => one.sweepAgeSeconds())
  ofSource('ingestion_source_up', 'Whether the last calls to a source were answered', (one) => (one.isUp() ? 1 : 0))
  ofSource('ingestion_feed_lag_seconds', "How long a source's latest feed is overdue", (one) => one.lagMs() / 1000)
  ofSource(
    'ingestion_budget_exhausts_at_seconds',
    "When a source's month ends at the present rate, if before the month does",
    (one) => {
      const at = one.exhaustsAt()
      return at === null ? null : at / 1000
    },
  )
}

function meterBudgets(registry: Registry, watch: () => MarketWatch | null): void {
  const labelNames = ['source', 'window']
  meter(
    registry,
    { name: 'ingestion_budget_left', help: 'Calls left in the running minute, credits in the month', labelNames },
    async (set) => {
      for (const { source, usage } of watch()?.watches ?? []) {
        // A store that does not answer must not take the other figures with it.
        const used = await usage().catch(() => null)
        if (used === null) continue
        const { perMinute, perMonth } = source.limits
        set({ source: source.facts.name, window: 'minute' }, Math.max(perMinute - used.minuteUsed, 0))
        if (perMonth !== null)
          set({ source: source.facts.name, window: 'month' }, Math.max(perMonth - used.monthUsed, 0))
      }
    },
  )
}

function meterCounts(registry: Registry, watch: () => MarketWatch | null): void {
  const heldBack = { name: 'ingestion_held_back_total', help: 'Prices held back as outliers', labelNames: ['source'] }
  meter(registry, heldBack, async (set) => {
    for (const [source, count] of watch()?.book.heldBack() ?? []) set({ source }, count)
  })
  const mappings = {
    name: 'ingestion_mappings',
    help: 'Known keys of sources by how they were found',
    labelNames: ['source', 'method', 'state'],
  }
  meter(registry, mappings, async (set) => {
    for (const { source, method, active, dropped } of watch()?.identity.counts() ?? []) {
      set({ source, method, state: 'active' }, active)
      set({ source, method, state: 'dropped' }, dropped)
    }
  })
}

interface Metering {
  name: string
  help: string
  labelNames: string[]
}

type Set = (labels: Record<string, string>, value: number) => void

function meter(registry: Registry, about: Metering, collected: (set: Set) => Promise<void>): void {
  const gauge = new Gauge({
    ...about,
    registers: [],
    async collect() {
      // What this process once watched may be another's by now.
      this.reset()
      await collected((labels, value) => this.set(labels, value))
    },
  })
  registry.registerMetric(gauge)
}
