import { CHANGE_SPANS, type ChangeSpan, type Changes } from '@crypto-signals/contracts'
import { BARS, laterOf, type Said } from './said.ts'

/** Changes as one source gave them. */
export interface SaidChanges extends Said {
  readonly changePct: Changes
}

interface ChangesNow {
  changePct: Changes
  /** Where they came from: `BARS` as soon as one did, else the source that spoke last; null if nothing is known. */
  by: Said | null
}

/**
 * Changes of a price up to when it was so, in percent. A span that a source told as of then or later is taken as it told it; else it is
 * worked out from `priceAt`, which knows past prices; where that does not know either, what a source told last stands for a while.
 */
export function changesOf(
  price: { priceUsd: number; observedAtMs: number },
  said: readonly SaidChanges[],
  priceAt: (atMs: number) => number | null,
): ChangesNow {
  const { observedAtMs } = price
  const changePct = { ...NO_CHANGES }
  let by: Said | null = null
  for (const span of CHANGE_SPANS) {
    const last = lastOf(span, said)
    const isCurrent = last !== null && last.observedAtMs >= observedAtMs
    const worked = isCurrent ? null : changePctOf(price.priceUsd, priceAt(observedAtMs - SPAN_MS[span]))
    const kept = isCurrent || (last !== null && observedAtMs - last.observedAtMs <= longestKeptMs(span)) ? last : null
    changePct[span] = worked ?? kept?.changePct[span] ?? null
    if (worked !== null) by = { source: BARS, observedAtMs }
    else if (by?.source !== BARS) by = laterOf(by, kept)
  }
  return { changePct, by }
}

const NO_CHANGES: Changes = { '1h': null, '24h': null, '7d': null, '14d': null, '30d': null, '200d': null, '1y': null }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const SPAN_MS: Readonly<Record<ChangeSpan, number>> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '14d': 14 * DAY_MS,
  '30d': 30 * DAY_MS,
  '200d': 200 * DAY_MS,
  '1y': 365 * DAY_MS,
}

/** How long a change says more than nothing: a quarter of its span, and of a day's or more at least until the next sweep of everything. */
const longestKeptMs = (span: ChangeSpan) => (span === '1h' ? HOUR_MS / 4 : Math.max(SPAN_MS[span] / 4, 8 * HOUR_MS))

/** Who spoke of a span last. */
const lastOf = (span: ChangeSpan, said: readonly SaidChanges[]) =>
  said.reduce<SaidChanges | null>((last, next) => (next.changePct[span] === null ? last : laterOf(last, next)), null)

function changePctOf(priceUsd: number, before: number | null): number | null {
  if (before === null || before <= 0) return null
  const change = (priceUsd / before - 1) * 100
  return change > LARGEST ? null : Math.round(change * 1e5) / 1e5
}

// What a quote can hold; beyond it no change means anything.
const LARGEST = 1e12
