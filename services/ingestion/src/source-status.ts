import { type Clock, instantOf } from '@crypto-signals/clock'
import type { SourceStatus } from '@crypto-signals/contracts'
import type { BudgetUsage, Store, SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'
import { MAX_TRIES } from './caller.ts'
import type { MarketSource } from './market-source.ts'
import type { SourceError } from './source-error.ts'

/** Keeps the store's word on how a source is doing up to date, with at most a write a second. */
export interface StatusKeeper {
  /** Takes over what an earlier process knew. */
  recall(): Promise<void>
  succeeded(): void
  /** Told of each attempt that failed. */
  failed(error: SourceError): void
  sweep(progress: SweepProgress, universe: number): void
  nextSweep(at: number): void
  /** What is wrong while the source is failing; null otherwise. */
  trouble(): string | null
  /** Writes what is not yet written. */
  close(): Promise<void>
}

export interface StatusOptions {
  source: MarketSource
  store: Store
  clock: Clock
  log: Logger
}

type Facts = Pick<
  SourceStatus,
  'state' | 'lastSuccessAt' | 'lastError' | 'universe' | 'sweep' | 'sweptAt' | 'nextSweepAt'
>

const NOTHING_KNOWN: Facts = {
  state: 'starting',
  lastSuccessAt: null,
  lastError: null,
  universe: 0,
  sweep: null,
  sweptAt: null,
  nextSweepAt: null,
}

export function createStatusKeeper(options: StatusOptions): StatusKeeper {
  const { source, store, clock } = options
  let facts = NOTHING_KNOWN
  let failures = 0
  const writer = createWriter(options, async () => {
    const now = clock.now()
    await store.sources.saveStatus(statusOf(source, facts, await store.budgets.usage(source.name, now), now))
  })
  const know = (news: Partial<Facts>) => {
    facts = { ...facts, ...news }
    writer.changed()
  }
  return {
    async recall() {
      const last = (await store.sources.statuses()).find(({ name }) => name === source.name)
      if (last === undefined) return
      const { lastSuccessAt, universe, sweep, sweptAt } = last
      know({ lastSuccessAt, universe, sweep, sweptAt })
    },
    succeeded() {
      failures = 0
      know({ state: 'ok', lastError: null, lastSuccessAt: instantOf(clock.now()) })
    },
    failed({ kind, message }) {
      if (kind === 'failed' || kind === 'rejected') failures += 1
      const failing = kind === 'refused' || failures >= MAX_TRIES
      know({ state: failing ? 'failing' : facts.state, lastError: `${kind}: ${message}` })
    },
    sweep({ startedAt, finishedAt, chunksDone, chunksTotal, rowsGood, rowsBad }, universe) {
      const sweep = { startedAt, finishedAt, chunksDone, chunksTotal, rowsGood, rowsBad }
      know({ sweep, universe, sweptAt: finishedAt ?? facts.sweptAt })
    },
    nextSweep: (at) => know({ nextSweepAt: instantOf(Math.round(at)) }),
    trouble: () => (facts.state === 'failing' ? facts.lastError : null),
    close: () => writer.close(),
  }
}

const WRITE_EVERY_MS = 1_000

/** Calls `write` soon after `changed`, never twice at once, and then rests a second. */
function createWriter({ clock, log, source }: StatusOptions, write: () => Promise<void>) {
  const closing = new AbortController()
  let dirty = false
  let running: Promise<void> | null = null

  const writeOut = async () => {
    while (dirty) {
      dirty = false
      await write().catch((err: unknown) =>
        log.error({ err, source: source.name }, 'cannot save the status of the source'),
      )
      await clock.sleep(WRITE_EVERY_MS, closing.signal).catch(() => {})
    }
    running = null
  }
  return {
    changed() {
      dirty = true
      running ??= writeOut()
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

function statusOf(source: MarketSource, facts: Facts, usage: BudgetUsage, now: number): SourceStatus {
  const { perMinute, perMonth } = source.limits
  const monthLeft = perMonth === null ? null : Math.max(perMonth - usage.monthUsed, 0)
  const limited = usage.blockedUntil !== null || monthLeft === 0
  return {
    name: source.name,
    simulated: source.simulated,
    attribution: source.attribution,
    ...facts,
    state: limited ? 'limited' : facts.state,
    budget: {
      perMinute,
      minuteLeft: Math.max(perMinute - usage.minuteUsed, 0),
      perMonth,
      monthLeft,
      blockedUntil: usage.blockedUntil === null ? null : instantOf(usage.blockedUntil),
    },
    updatedAt: instantOf(now),
  }
}
