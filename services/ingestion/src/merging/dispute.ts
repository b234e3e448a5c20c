import { apartBy, isAggregated, rootOf, type SaidPrice } from './said-price.ts'

/** What arbitration between two must know besides what they say. */
export interface Before {
  /** The price in use so far. */
  readonly price: SaidPrice
  /** When one of two that were at odds last took the other's place, ms since the epoch; -Infinity if none did. */
  readonly switchedAtMs: number
  readonly nowMs: number
}

/** The freshest of each of two voices, the fresher first. */
export type Dispute<P extends SaidPrice> = readonly [P, P]

/** If `fresh`, freshest first, holds exactly two independent voices and they are more than 10 % apart: what they say. */
export function disputeOf<P extends SaidPrice>(fresh: readonly P[]): Dispute<P> | null {
  const [first] = fresh
  if (first === undefined) return null
  const root = rootOf(first)
  const other = fresh.find((price) => rootOf(price) !== root)
  if (other === undefined || apartBy(first.priceUsd, other.priceUsd) <= AT_ODDS) return null
  const isThird = (price: P) => rootOf(price) !== root && rootOf(price) !== rootOf(other)
  return fresh.some(isThird) ? null : [first, other]
}

/**
 * Which of two to believe, where no third tells. By weight: of two exchanges the one that trades ten times as much; an aggregator
 * rather than an exchange that trades less than $50,000 a day. Of equal weight, the one nearer to the price before; in doubt the
 * aggregator, then the fresher. Within ten minutes of one taking the other's place nothing of that brings the other back.
 */
export function settled<P extends SaidPrice>(dispute: Dispute<P>, before: Before | null): P {
  return (
    heldIn(dispute, before) ?? weightierOf(dispute) ?? nearerOf(dispute, before) ?? aggregatedOf(dispute) ?? dispute[0]
  )
}

const AT_ODDS = 0.1
const HELD_MS = 10 * 60_000
const TIMES_THE_VOLUME = 10
const WEIGHTY_USD = 50_000

function heldIn<P extends SaidPrice>(dispute: Dispute<P>, before: Before | null): P | null {
  if (before === null || before.nowMs - before.switchedAtMs >= HELD_MS) return null
  const root = rootOf(before.price)
  return dispute.find((price) => rootOf(price) === root) ?? null
}

const weightierOf = <P extends SaidPrice>([a, b]: Dispute<P>): P | null =>
  outweighs(a, b) ? a : outweighs(b, a) ? b : null

/** Volumes that nobody told weigh nothing against anybody, and nobody outweighs them. */
function outweighs(price: SaidPrice, other: SaidPrice): boolean {
  if (isAggregated(other)) return false
  if (isAggregated(price)) return other.volumeUsd24h < WEIGHTY_USD
  return price.volumeUsd24h > 0 && price.volumeUsd24h >= TIMES_THE_VOLUME * other.volumeUsd24h
}

function nearerOf<P extends SaidPrice>([fresher, older]: Dispute<P>, before: Before | null): P | null {
  // By then the market may have moved as far; the older would otherwise stay until it is forgotten.
  if (fresher.observedAtMs - older.observedAtMs > HELD_MS) return fresher
  if (before === null) return null
  const was = before.price.priceUsd
  const difference = apartBy(fresher.priceUsd, was) - apartBy(older.priceUsd, was)
  if (difference < 0) return fresher
  return difference > 0 ? older : null
}

const aggregatedOf = <P extends SaidPrice>([a, b]: Dispute<P>): P | null =>
  isAggregated(a) === isAggregated(b) ? null : isAggregated(a) ? a : b
