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
 * they should be: the first sweep still runs, a source fails, its data grow old, or a service is not well. `reasons` tells which.
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
    ...(sources ?? []).flatMap((source) => faultsOf(source, now)),
    ...backlogOf(services),
    ...(hasData(services) ? notReady(services.feeders) : []),
    ...unwell({ ...services.upstreams, ...services.feeders }),
    ...(sources?.length === 0 ? ['no market source has reported yet'] : []),
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

// A sweep may wait for its budget; one that is an hour late is no longer explained by that.
const LATE_MS = 3_600_000

function faultsOf(source: SourceStatus, now: number): string[] {
  const { name, state, sweep, sweptAt, lastSuccessAt, lastError, nextSweepAt } = source
  const faults: string[] = []
  if (state === 'failing') faults.push(`${name} is failing: ${lastError ?? 'no reason known'}`)
  if (lastSuccessAt === null) faults.push(`${name} has not answered yet`)
  else if (sweptAt === null) {
    faults.push(`${name}: first sweep, ${sweep?.chunksDone ?? 0} of ${sweep?.chunksTotal ?? '?'} chunks`)
  }
  if (nextSweepAt !== null && Date.parse(nextSweepAt) < now - LATE_MS) faults.push(`${name}: the next sweep is late`)
  const silentMs = now - wordDueAt(source)
  if (silentMs > SILENT_MS) {
    faults.push(
      `${name}: its status has not been written for ${Math.floor((now - Date.parse(source.updatedAt)) / 60_000)} min`,
    )
  }
  return faults
}

const SILENT_MS = 5 * 60_000

/** When a status must next be written at the latest: between two looks, or while the source is not to be asked, there is nothing to tell. */
const wordDueAt = ({ updatedAt, nextSweepAt, budget }: SourceStatus) =>
  Math.max(...[updatedAt, nextSweepAt, budget.blockedUntil].map((at) => (at === null ? 0 : Date.parse(at))))
