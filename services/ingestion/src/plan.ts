import type { CallLimits } from '@crypto-signals/store'

export interface PlanInput {
  limits: CallLimits
  /** Calls of one sweep. */
  chunks: number
  sweepIntervalSeconds?: number | undefined
  topIntervalSeconds?: number | undefined
}

/** How often a source is asked. */
export interface Plan {
  sweepIntervalMs: number
  topIntervalMs: number
}

export const TOP_PAGES = 2

/** The shortest intervals that the source's limits bear; given ones win. */
export function planOf({ limits, chunks, sweepIntervalSeconds, topIntervalSeconds }: PlanInput): Plan {
  const calls = Math.max(chunks, 1)
  const derived = limits.perMonth === null ? byMinute(limits.perMinute, calls) : byMonth(limits, limits.perMonth, calls)
  return {
    sweepIntervalMs: sweepIntervalSeconds === undefined ? derived.sweepIntervalMs : sweepIntervalSeconds * 1000,
    topIntervalMs: topIntervalSeconds === undefined ? derived.topIntervalMs : topIntervalSeconds * 1000,
  }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const MONTH_MS = 30 * 24 * HOUR_MS

const LIST_CALLS_A_MONTH = 30
/** Held back for tries that fail, and for the 31st day. */
const RESERVE = 0.1
/** The most that the largest coins may take from all the others. */
const TOP_SHARE = 0.2
const SWEEP_SHARE_OF_RATE = 0.8

/** From this rate on, two calls a minute for the largest coins are no more than their share. */
const FAST_PER_MINUTE = 10

function byMinute(perMinute: number, chunks: number): Plan {
  return {
    sweepIntervalMs: Math.max(5 * MINUTE_MS, sweepAtRateMs(perMinute, chunks)),
    topIntervalMs: perMinute >= FAST_PER_MINUTE ? MINUTE_MS : 5 * MINUTE_MS,
  }
}

function byMonth({ perMinute }: CallLimits, perMonth: number, chunks: number): Plan {
  const usable = perMonth * (1 - RESERVE)
  const top = Math.min(TOP_PAGES * (MONTH_MS / HOUR_MS), usable * TOP_SHARE)
  const sweeps = Math.max(1, (usable - top - LIST_CALLS_A_MONTH) / chunks)
  const unlimited = byMinute(perMinute, chunks)
  return {
    sweepIntervalMs: Math.max(Math.round(MONTH_MS / sweeps), unlimited.sweepIntervalMs),
    topIntervalMs: Math.round((MONTH_MS * TOP_PAGES) / top),
  }
}

const sweepAtRateMs = (perMinute: number, chunks: number) =>
  Math.round((chunks / (perMinute * SWEEP_SHARE_OF_RATE)) * MINUTE_MS)
