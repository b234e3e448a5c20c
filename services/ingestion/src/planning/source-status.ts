import { type Clock, instantOf } from '@crypto-signals/clock'
import type { SourceStatus } from '@crypto-signals/contracts'
import type { BudgetUsage, Store } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { MarketSource, StreamState } from '../source.ts'
import type { SourceError } from '../source-error.ts'
import { MAX_TRIES } from './caller.ts'
import { createExhaustion } from './exhaustion.ts'
import type { FeedHistory } from './feed-history.ts'
import { createWriter } from './writer.ts'

/** Keeps the store's word on how a source is doing up to date, with at most a write a second. */
export interface StatusKeeper {
  /** Takes over what an earlier process knew. */
  recall: (last: SourceStatus) => void
  succeeded: () => void
  /** Told of each attempt that failed. */
  failed: (error: SourceError) => void
  stream: (state: StreamState) => void
  /** Something that is asked for when it is written has changed. */
  changed: () => void
  state: () => SourceStatus['state']
  /** Whether there is a list of coins, or anything, to work with: what is wrong while the source is failing; null otherwise. */
  trouble: () => string | null
  /** How long the feed that is latest is overdue, ms. */
  lagMs: () => number
  /** When the month's credits end at the present rate, ms since the epoch; null if not before the month does. */
  exhaustsAt: () => number | null
  /** Writes what is not yet written. */
  close: () => Promise<void>
}

export interface StatusOptions {
  source: MarketSource
  store: Pick<Store, 'sources' | 'budgets'>
  clock: Clock
  log: Logger
  feeds: readonly FeedHistory[]
  /** What only others know. */
  known: () => { universe: number; coins: number; heldBack: number }
}

type Facts = Pick<SourceStatus, 'state' | 'connected' | 'lastSuccessAt' | 'lastError'>

export function createStatusKeeper(options: StatusOptions): StatusKeeper {
  const { source, clock, log, feeds } = options
  const { name } = source.facts
  let facts = nothingKnown(source)
  let failures = 0
  let coinsBefore = 0
  const lagMs = () => Math.max(0, ...feeds.map((feed) => feed.lagMs()))
  const record = createRecord(options, () => ({ ...statusOf(options, facts, coinsBefore), lagMs: lagMs() }))
  const writer = createWriter(clock, record.write, (err) =>
    log.error({ err, source: name }, 'cannot save the status of the source'),
  )
  const know = (news: Partial<Facts>) => {
    facts = { ...facts, ...news }
    writer.changed()
  }
  return {
    recall(last) {
      coinsBefore = last.coins
      // A source that was well is so until it fails: it may not be due for an hour.
      know({ lastSuccessAt: last.lastSuccessAt, state: last.state === 'ok' ? 'ok' : 'starting' })
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
    stream(state) {
      if (state.connected) know({ connected: true })
      else know({ connected: false, lastError: `stream: ${state.reason}`.slice(0, LONGEST_ERROR) })
    },
    changed: writer.changed,
    state: () => facts.state,
    trouble: () => (facts.state === 'failing' ? facts.lastError : null),
    lagMs,
    exhaustsAt: record.exhaustsAt,
    close: () => writer.close(),
  }
}

const LONGEST_ERROR = 300

/** Writes a status with the budget as it is then. */
function createRecord(
  { source, store, clock }: StatusOptions,
  status: () => Omit<SourceStatus, 'budget' | 'updatedAt'>,
): { write: () => Promise<void>; exhaustsAt: () => number | null } {
  const exhaustion = createExhaustion(source.limits.perMonth)
  let exhaustsAt: number | null = null
  return {
    exhaustsAt: () => exhaustsAt,
    async write() {
      const now = clock.now()
      const usage = await store.budgets.usage(source.facts.name, now)
      exhaustsAt = exhaustion.at(now, usage.monthUsed)
      const known = status()
      const budget = budgetOf(source, { ...usage, exhaustsAt })
      const isLimited = budget.blockedUntil !== null || budget.monthLeft === 0
      const state = isLimited ? 'limited' : known.state
      await store.sources.saveStatus({ ...known, state, budget, updatedAt: instantOf(now) })
    },
  }
}

const nothingKnown = ({ feeds }: MarketSource): Facts => ({
  state: 'starting',
  connected: feeds.some(({ kind }) => kind === 'stream') ? false : null,
  lastSuccessAt: null,
  lastError: null,
})

/** `coinsBefore`: how many coins it was known to price before a restart, until some are seen again. */
function statusOf({ source, feeds, known }: StatusOptions, facts: Facts, coinsBefore: number) {
  const { name, title, kind, attribution, terms, access, fields } = source.facts
  const histories = feeds.map((feed) => feed.status())
  const others = known()
  const sweep = sweepOf(source, feeds)
  return {
    name,
    title,
    kind,
    simulated: source.simulated,
    attribution: { ...attribution },
    terms,
    access,
    fields: [...fields],
    ...facts,
    ...others,
    coins: others.coins || coinsBefore,
    feeds: histories,
    sweep: sweep?.progress() ?? null,
    sweptAt: sweep?.status().finishedAt ?? null,
    nextSweepAt: sweep?.status().nextAt ?? null,
  }
}

/** The base source's rounds through all coins. */
const sweepOf = (source: MarketSource, feeds: readonly FeedHistory[]): FeedHistory | undefined =>
  source.listCoins === undefined ? undefined : feeds.find(({ name }) => name === SWEEP)

export const SWEEP = 'sweep'

function budgetOf(
  { limits: { perMinute, perMonth } }: MarketSource,
  usage: BudgetUsage & { exhaustsAt: number | null },
): SourceStatus['budget'] {
  return {
    perMinute,
    minuteLeft: Math.max(perMinute - usage.minuteUsed, 0),
    perMonth,
    monthLeft: perMonth === null ? null : Math.max(perMonth - usage.monthUsed, 0),
    blockedUntil: usage.blockedUntil === null ? null : instantOf(usage.blockedUntil),
    exhaustsAt: usage.exhaustsAt === null ? null : instantOf(usage.exhaustsAt),
  }
}
