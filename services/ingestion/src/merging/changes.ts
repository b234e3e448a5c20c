import { CHANGE_SPAN_MS, CHANGE_SPANS, type ChangeSpan, type Changes } from '@crypto-signals/contracts'
import type { PastPrice } from '../bars/spans.ts'
import { BARS, laterOf, type Said } from './said.ts'

/** Changes as one source gave them. */
export interface SaidChanges extends Said {
  readonly changePct: Changes
  /** What they led to; null where it was not said. */
  readonly priceUsd: number | null
}

interface ChangesNow {
  changePct: Changes
  /** Where they came from: `BARS` as soon as one did, else the source that spoke last; null if nothing is known. */
  by: Said | null
}

interface PriceNow {
  readonly priceUsd: number
  readonly observedAtMs: number
}

/**
 * Changes of a price up to when it was so, in percent. For each span the price before is the one that is nearer to its beginning: the
 * one that the last source to tell a change started from, which is off by as long as it spoke before the price was so, or that of
 * `priceAt`, which knows past prices. One that is too far off is none. What a source told with the price in use stands as it was told.
 */
export function changesOf(
  price: PriceNow,
  said: readonly SaidChanges[],
  priceAt: (atMs: number) => PastPrice | null,
): ChangesNow {
  const changePct = { ...NO_CHANGES }
  let by: Said | null = null
  for (const span of CHANGE_SPANS) {
    const known = nearestOf(span, price, said, priceAt)
    if (known === null) continue
    changePct[span] = known.changePct
    if (known.by.source === BARS) by = known.by
    else if (by?.source !== BARS) by = laterOf(by, known.by)
  }
  return { changePct, by }
}

const NO_CHANGES: Changes = { '1h': null, '24h': null, '7d': null, '14d': null, '30d': null, '200d': null, '1y': null }

const HOUR_MS = 3_600_000

/** How far off a span's beginning may be: a quarter of it, and of a day or more at least what passes until the next sweep of everything. */
const farthestMs = (span: ChangeSpan) => (span === '1h' ? HOUR_MS / 4 : Math.max(CHANGE_SPAN_MS[span] / 4, 8 * HOUR_MS))

interface Known {
  changePct: number
  by: Said
}

function nearestOf(
  span: ChangeSpan,
  price: PriceNow,
  said: readonly SaidChanges[],
  priceAt: (atMs: number) => PastPrice | null,
): Known | null {
  const last = lastOf(span, said)
  const told = last && toldBy(last, span, price)
  const toldOffMs = last === null ? 0 : price.observedAtMs - last.observedAtMs
  if (told !== null && toldOffMs <= 0) return told
  const wantedAtMs = price.observedAtMs - CHANGE_SPAN_MS[span]
  const before = priceAt(wantedAtMs)
  const worked = before && workedOut(price, before)
  const workedOffMs = before === null ? 0 : Math.abs(before.atMs - wantedAtMs)
  const isWorkedNear = worked !== null && workedOffMs <= farthestMs(span)
  if (told === null || toldOffMs > farthestMs(span)) return isWorkedNear ? worked : null
  // What cannot be brought up to the price does not compete.
  return isWorkedNear && (workedOffMs < toldOffMs || !isScalable(last, price)) ? worked : told
}

/** Who spoke of a span last. */
const lastOf = (span: ChangeSpan, said: readonly SaidChanges[]) =>
  said.reduce<SaidChanges | null>((last, next) => (next.changePct[span] === null ? last : laterOf(last, next)), null)

/** Whether it is known how a change that was told follows the price. */
const isScalable = (said: SaidChanges | null, { priceUsd }: PriceNow): boolean =>
  said !== null && said.priceUsd !== null && (said.priceUsd > 0 || said.priceUsd === priceUsd)

/** A change as it was told, brought up to the price; null if that comes to nothing a quote can hold. */
function toldBy(said: SaidChanges, span: ChangeSpan, { priceUsd }: PriceNow): Known | null {
  const told = said.changePct[span]
  if (told === null) return null
  if (said.priceUsd === null || said.priceUsd <= 0 || said.priceUsd === priceUsd || Number.isNaN(priceUsd))
    return { changePct: told, by: said }
  const changePct = percentOf((1 + told / 100) * (priceUsd / said.priceUsd))
  return changePct === null ? null : { changePct, by: said }
}

function workedOut({ priceUsd, observedAtMs }: PriceNow, before: PastPrice): Known | null {
  const changePct = before.priceUsd > 0 ? percentOf(priceUsd / before.priceUsd) : null
  return changePct === null ? null : { changePct, by: { source: BARS, observedAtMs } }
}

function percentOf(ratio: number): number | null {
  const change = (ratio - 1) * 100
  return change <= LARGEST ? Math.round(change * 1e5) / 1e5 : null
}

// What a quote can hold; beyond it no change means anything.
const LARGEST = 1e12
