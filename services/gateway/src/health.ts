import { type Health, type HealthState, type SourceStatus, TIMEFRAMES } from '@crypto-signals/contracts'
import type { Readiness } from '@crypto-signals/service'

export interface HealthFacts {
  now: number
  /** Whether each engine answered; `redis` is the shared cache, whichever adapter it is. */
  backing: Record<'database' | 'redis' | 'bus', Health['database']>
  services: Record<string, Readiness>
  sources: SourceStatus[]
}

/**
 * ERROR: something that nothing works without is gone, or there is no data. WARNING: answers are given but are not what
 * they should be: the first sweep still runs, a source fails, or its data grow old. `reasons` tells which.
 */
export function judge({ now, backing, services, sources }: HealthFacts): { status: HealthState; reasons: string[] } {
  const errors = [
    ...(['database', 'bus'] as const)
      .filter((name) => backing[name].status !== 'OK')
      .map((name) => `${name} does not answer`),
    ...Object.entries(services).flatMap(([name, { ready, reasons }]) =>
      ready ? [] : [`${name} is not ready${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`],
    ),
  ]
  const warnings = [
    ...(backing.redis.status === 'OK' ? [] : ['cache does not answer']),
    ...sources.flatMap((source) => faultsOf(source, now)),
    ...backlogOf(services),
    ...(sources.length === 0 ? ['no market source has reported yet'] : []),
  ]
  const status = errors.length > 0 ? 'ERROR' : warnings.length > 0 ? 'WARNING' : 'OK'
  return { status, reasons: [...errors, ...warnings] }
}

// A sweep is received faster than it is scored; a coin or two are always on their way.
const BACKLOG_SHARE = 0.01

function backlogOf(services: Record<string, Readiness>): string[] {
  const { coins = 0, signals = 0 } = Object.assign({}, ...Object.values(services).map(({ counts }) => counts))
  const waiting = Math.round(coins - signals / TIMEFRAMES.length)
  return waiting > coins * BACKLOG_SHARE ? [`${waiting} of ${coins} coins wait for their score`] : []
}

// A sweep may wait for its budget; one that is an hour late is no longer explained by that.
const LATE_MS = 3_600_000

function faultsOf(
  { name, state, sweep, sweptAt, lastSuccessAt, lastError, nextSweepAt }: SourceStatus,
  now: number,
): string[] {
  const faults: string[] = []
  if (state === 'failing') faults.push(`${name} is failing: ${lastError ?? 'no reason known'}`)
  if (lastSuccessAt === null) faults.push(`${name} has not answered yet`)
  else if (sweptAt === null) {
    faults.push(`${name}: first sweep, ${sweep?.chunksDone ?? 0} of ${sweep?.chunksTotal ?? '?'} chunks`)
  }
  if (nextSweepAt !== null && Date.parse(nextSweepAt) < now - LATE_MS) faults.push(`${name}: the next sweep is late`)
  return faults
}
