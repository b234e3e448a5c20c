import { type Health, type HealthState, type SourceStatus, TIMEFRAMES } from '@crypto-signals/contracts'
import type { Readiness } from '@crypto-signals/service'
import { countsOf, hasData, type States } from './readiness.ts'

export interface HealthFacts {
  now: number
  /** Whether each engine answered; `redis` is the shared cache, whichever adapter it is. */
  backing: Record<'database' | 'redis' | 'bus', Health['database']>
  services: States
  /** Null when the database did not tell. */
  sources: SourceStatus[] | null
}

/**
 * ERROR: something that nothing works without is gone, or there is no data. WARNING: answers are given but are not what
 * they should be: the first sweep still runs, all sources fail, the data grow old, or a service is not well. `reasons` tells which.
 */
export function judge({ now, backing, services, sources }: HealthFacts): { status: HealthState; reasons: string[] } {
  const errors = [
    ...(['database', 'bus'] as const)
      .filter((name) => backing[name].status !== 'OK')
      .map((name) => `${name} does not answer`),
    ...notReady(services.upstreams),
    ...(hasData(services) ? [] : notReady(services.feeders)),
  ]
  const warnings = [
    ...(backing.redis.status === 'OK' ? [] : ['cache does not answer']),
    ...(sources === null ? [] : faultsOf(sources, now)),
    ...(sources === null ? [] : staleOf(services, sources)),
    ...backlogOf(services),
    ...(hasData(services) ? notReady(services.feeders) : []),
    ...unwell({ ...services.upstreams, ...services.feeders }),
  ]
  const status = errors.length > 0 ? 'ERROR' : warnings.length > 0 ? 'WARNING' : 'OK'
  return { status, reasons: [...errors, ...warnings] }
}

const notReady = (services: Record<string, Readiness>): string[] =>
  Object.entries(services).flatMap(([name, { ready, reasons }]) =>
    ready ? [] : [`${name} is not ready${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`],
  )

/** What is wrong with services that are ready all the same. */
const unwell = (services: Record<string, Readiness>): string[] =>
  Object.entries(services).flatMap(([name, { ready, reasons }]) =>
    ready ? reasons.map((reason) => `${name}: ${reason}`) : [],
  )

// A sweep is received faster than it is scored; a coin or two are always on their way.
const BACKLOG_SHARE = 0.01

function backlogOf(services: States): string[] {
  const { coins = 0, signals = 0 } = countsOf(services)
  const waiting = Math.round(coins - signals / TIMEFRAMES.length)
  return waiting > coins * BACKLOG_SHARE ? [`${waiting} of ${coins} coins wait for their score`] : []
}

/** What is wrong with the sources as a whole: one that fails is no fault while others tell the prices. */
function faultsOf(sources: readonly SourceStatus[], now: number): string[] {
  if (sources.length === 0) return ['no market source has reported yet']
  const pricing = sources.filter(({ kind }) => kind !== 'index')
  const isOneWell = pricing.some(({ state }) => state === 'ok' || state === 'limited')
  return [
    ...(isOneWell ? [] : pricing.map(troubleOf)),
    ...(sources.some(({ universe }) => universe > 0) ? [] : ['no source has told which coins there are']),
    ...sources.flatMap((source) => sweepFaultsOf(source, now)),
    ...silenceOf(sources, now),
  ]
}

const troubleOf = ({ name, state, lastError }: SourceStatus): string =>
  state === 'failing' ? `${name} is failing: ${lastError ?? 'no reason known'}` : `${name} has not answered yet`

// A sweep may wait for its budget; one that is an hour late is no longer explained by that.
const LATE_MS = 3_600_000

/** Of the source that lists all coins. */
function sweepFaultsOf({ name, universe, sweep, sweptAt, nextSweepAt }: SourceStatus, now: number): string[] {
  const faults: string[] = []
  if (universe > 0 && sweptAt === null) {
    faults.push(`${name}: first sweep, ${sweep?.chunksDone ?? 0} of ${sweep?.chunksTotal ?? '?'} chunks`)
  }
  if (nextSweepAt !== null && Date.parse(nextSweepAt) < now - LATE_MS) faults.push(`${name}: the next sweep is late`)
  return faults
}

const SILENT_MS = 5 * 60_000

/** Whether whoever writes the statuses is gone: nothing was written of any source for long, though something was due. */
function silenceOf(sources: readonly SourceStatus[], now: number): string[] {
  const newest = sources.reduce((a, b) => (b.updatedAt > a.updatedAt ? b : a))
  const minutes = Math.floor((now - Date.parse(newest.updatedAt)) / 60_000)
  const isDue = sources.some((source) => now - wordDueAt(source) > SILENT_MS)
  const isSilent = now - Date.parse(newest.updatedAt) > SILENT_MS
  return isSilent && isDue ? [`${newest.name}: its status has not been written for ${minutes} min`] : []
}

/** When a status must next be written at the latest: between two looks, or while the source is not to be asked, there is nothing to tell. */
function wordDueAt({ updatedAt, nextSweepAt, feeds, budget }: SourceStatus): number {
  const looks = [nextSweepAt, ...feeds.map(({ nextAt }) => nextAt)].filter((at) => at !== null)
  const nextLook = looks.length === 0 ? 0 : Math.min(...looks.map((at) => Date.parse(at)))
  return Math.max(Date.parse(updatedAt), nextLook, budget.blockedUntil === null ? 0 : Date.parse(budget.blockedUntil))
}

// Much of the tail is traded so seldom that its prices are days old; half of all coins never were.
const STALE_SHARE = 0.5

/** Coins without a price of today, of all there are. */
function staleOf(services: States, sources: readonly SourceStatus[]): string[] {
  const { coins = 0, fresh = coins } = countsOf(services)
  const all = Math.max(coins, ...sources.map(({ universe }) => universe))
  return hasData(services) && all - fresh > all * STALE_SHARE
    ? [`${all - fresh} of ${all} coins have no price younger than 8 h`]
    : []
}
