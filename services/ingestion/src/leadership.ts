import { randomUUID } from 'node:crypto'
import type { Cache, Lease } from '@crypto-signals/cache'
import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'

/** Sees to it that of all processes that are to do the same work, one does it. */
export interface Leadership {
  /** From now on this process leads whenever nobody else does; resolves when it was tried once. */
  start: () => Promise<void>
  /** Ends the work, and lets another process lead at once. */
  stop: () => Promise<void>
  isLeading: () => boolean
  /** Why this process could not lead when it last tried; null if all is well. */
  trouble: () => string | null
}

export interface Work {
  /** Rejects soon when `signal` is aborted: the lead is lost, or the process is to stop. */
  begin: (signal: AbortSignal) => Promise<void>
  /** Also called when `begin` failed. */
  end: () => Promise<void>
}

export interface LeadershipOptions {
  cache: Cache
  clock: Clock
  log: Logger
  work: Work
}

// A leader that died is missed after this.
const LEASE_MS = 15_000
// Two renewals may be lost.
const RENEW_EVERY_MS = 5_000
const ASK_EVERY_MS = 1_000

export function createLeadership(options: LeadershipOptions): Leadership {
  const { clock, log } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const office = createOffice(options, signal)
  const trouble = createTrouble(log, signal)
  let running = Promise.resolve()

  const run = async (first: Promise<KeptLease | null>) => {
    for (let lease = await first; ; lease = await trouble.watch(office.take())) {
      if (lease !== null) await office.hold(lease)
      await clock.sleep(ASK_EVERY_MS, signal)
    }
  }
  return {
    async start() {
      const first = trouble.watch(office.take())
      running = run(first).catch((err: unknown) => {
        if (!signal.aborted) log.error({ err }, 'this process does not lead any more')
      })
      await first
    },
    async stop() {
      stopping.abort(new Error('stopped'))
      await running
    },
    isLeading: office.isHeld,
    trouble: trouble.last,
  }
}

/** The lease and the work that goes with it. */
function createOffice({ cache, clock, log, work }: LeadershipOptions, signal: AbortSignal) {
  const holder = randomUUID()
  let isHeld = false

  const leave = async (lease: KeptLease) => {
    isHeld = false
    lease.forsake()
    await work.end().catch((err: unknown) => log.error({ err }, 'the work did not end well'))
    await lease.release()
  }
  return {
    isHeld: () => isHeld,
    /** The lease, with the work begun under it; null while another has it. */
    async take(): Promise<KeptLease | null> {
      const granted = await cache.lease('ingestion', holder, LEASE_MS)
      if (granted === null) return null
      const lease = keep(granted, clock, signal)
      try {
        await work.begin(lease.signal)
        lease.assertHeld()
      } catch (error) {
        await leave(lease)
        throw error
      }
      isHeld = true
      log.info('leading')
      return lease
    },
    /** Resolves when the lease is lost, rejects when the signal is aborted; in both cases the work has ended. */
    async hold(lease: KeptLease): Promise<void> {
      try {
        await lease.lost
        log.warn('lost the lead: the work stops here')
      } finally {
        await leave(lease)
      }
    },
  }
}

/** A lease that is renewed from the moment on at which it was granted: the work may take longer to begin than it lasts. */
interface KeptLease {
  /** Aborted when the lease is lost, forsaken, or the process is to stop. */
  signal: AbortSignal
  /** Resolves when another process may lead, rejects when the lease is forsaken or the process is to stop. */
  lost: Promise<void>
  /** Throws unless the work that has begun may go on. From then on the lease outlasts an absence of the cache. */
  assertHeld: () => void
  /** Ends the renewals. */
  forsake: () => void
  release: () => Promise<void>
}

function keep(lease: Lease, clock: Clock, stopping: AbortSignal): KeptLease {
  const ending = new AbortController()
  const signal = AbortSignal.any([stopping, ending.signal])
  let hasBegun = false
  const lose = () => ending.abort(lostWhileBeginning())
  const lost = renewUntilLost(lease, clock, signal, () => hasBegun).then(lose)
  // Whoever waits for it hears of it; while the work begins, nobody does.
  lost.catch(() => undefined)
  return {
    signal,
    lost,
    assertHeld() {
      signal.throwIfAborted()
      // Of a process that stood still no renewal was due yet.
      if (!lease.isHeld()) throw lostWhileBeginning()
      hasBegun = true
    },
    forsake: () => ending.abort(),
    release: () => lease.release(),
  }
}

const lostWhileBeginning = () => new Error('the lead was lost while the work began')

/**
 * Resolves when another process may lead. While the cache is away none can begin to, so that the one that does goes on;
 * who only begins to is none of those, and has lost a lease that ran out.
 */
async function renewUntilLost(
  lease: Lease,
  clock: Clock,
  signal: AbortSignal,
  isLeading: () => boolean,
): Promise<void> {
  for (let waitMs = RENEW_EVERY_MS; ; ) {
    await clock.sleep(waitMs, signal)
    const renewed = await lease.renew().catch(() => null)
    if (renewed === false) return
    if (renewed === null && !isLeading() && !lease.isHeld()) return
    waitMs = renewed === null ? ASK_EVERY_MS : RENEW_EVERY_MS
  }
}

/** Remembers why this process last could not lead, and logs it once; that it is to stop is no trouble. */
function createTrouble(log: Logger, signal: AbortSignal) {
  let last: string | null = null
  return {
    last: () => last,
    /** What `attempt` says; null if it fails. */
    async watch<T>(attempt: Promise<T>): Promise<T | null> {
      try {
        const said = await attempt
        last = null
        return said
      } catch (err) {
        const news = `cannot lead: ${(err as Error).message}`
        if (news !== last && !signal.aborted) log.warn({ err }, news)
        last = news
        return null
      }
    },
  }
}
