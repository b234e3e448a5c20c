import type { SourceFacts } from '../source.ts'

/** What a source last said a coin costs. */
export interface SaidPrice {
  readonly source: Pick<SourceFacts, 'name' | 'kind' | 'derivedFrom'>
  readonly priceUsd: number
  /** Of an exchange, what was traded there alone; NaN where it was not said. */
  readonly volumeUsd24h: number
  readonly observedAtMs: number
}

/**
 * Of what several sources said of one coin, one thing each, what still speaks of now, freshest first. A pair that is hardly traded
 * speaks only where nothing else does.
 */
export function freshPrices<P extends SaidPrice>(said: readonly P[]): P[] {
  const newestMs = said.reduce((newest, { observedAtMs }) => Math.max(newest, observedAtMs), Number.NEGATIVE_INFINITY)
  const fresh = said.filter(({ observedAtMs }) => newestMs - observedAtMs <= FRESH_MS)
  const traded = fresh.some(isThin) ? fresh.filter((price) => !isThin(price)) : fresh
  return (traded.length > 0 ? traded : fresh).sort(byFreshness)
}

/** The freshest of `fresh` that the others do not speak against; where they speak against each, the freshest that any says too. Null if there is none. */
export function choosePrice<P extends SaidPrice>(fresh: readonly P[]): P | null {
  const isSharedByAny = (price: P) => fresh.some((other) => isShared(price, other))
  return fresh.find((price) => !isOutlier(price, fresh)) ?? fresh.find(isSharedByAny) ?? fresh[0] ?? null
}

/**
 * Whether at least two other independent sources of `fresh` (as `freshPrices` gives them) speak against a price: it is further from their median than 3 %
 * or six times their median absolute deviation, and none of them says the same at about the same time. The 3 % grow with the
 * time that lies between, as the market may have moved since.
 */
export function isOutlier(price: SaidPrice, fresh: readonly SaidPrice[]): boolean {
  // Nearly always somebody says the same: this is done for every quote of every stream.
  if (fresh.some((other) => isSameTime(price, other) && isShared(price, other))) return false
  const others = independentOf(price, fresh)
  if (others.length < 2) return false
  const prices = others.map(({ priceUsd }) => priceUsd)
  const median = medianOf(prices)
  const deviation = medianOf(prices.map((other) => Math.abs(other - median)))
  const tolerance = (LEAST_TOLERANCE + DRIFT_PER_MS * gapMs(price, others)) * median
  return Math.abs(price.priceUsd - median) > Math.max(tolerance, DEVIATIONS * deviation)
}

/** Twice the time in which the slower sources come round again, and some for their own lag. */
export const FRESH_MS = 30 * 60_000

/** Below it a day, one trade of anybody sets the price of a pair. */
const THIN_USD = 1_000

const LEAST_TOLERANCE = 0.03
const DEVIATIONS = 6

// Small coins do move 10 % in ten minutes; a wrong mapping is wrong by far more.
const DRIFT_PER_MS = 0.01 / 60_000
const NO_DRIFT_MS = 60_000

// Exchanges are asked every 30 s, so what is true is soon said twice.
const SAME_TIME_MS = 5 * 60_000

const isThin = ({ source, volumeUsd24h }: SaidPrice) => source.kind !== 'aggregator' && volumeUsd24h < THIN_USD

// By name where they are equally fresh: any order does that does not depend on who came first.
const byFreshness = (a: SaidPrice, b: SaidPrice) =>
  b.observedAtMs - a.observedAtMs || (a.source.name < b.source.name ? -1 : 1)

/** Where a price really comes from. */
const rootOf = ({ source }: SaidPrice) => source.derivedFrom ?? source.name

/** One price, the freshest, of each source that does not share `price`'s root. */
function independentOf(price: SaidPrice, fresh: readonly SaidPrice[]): SaidPrice[] {
  const roots = [rootOf(price)]
  const others: SaidPrice[] = []
  for (const other of fresh) {
    const root = rootOf(other)
    if (roots.includes(root)) continue
    roots.push(root)
    others.push(other)
  }
  return others
}

/** Whether an independent source says about the same. */
const isShared = (price: SaidPrice, other: SaidPrice) =>
  Math.abs(price.priceUsd - other.priceUsd) <= LEAST_TOLERANCE * Math.min(price.priceUsd, other.priceUsd) &&
  rootOf(price) !== rootOf(other)

const isSameTime = (a: SaidPrice, b: SaidPrice) => Math.abs(a.observedAtMs - b.observedAtMs) <= SAME_TIME_MS

/** From `price` to when two of `others` spoke, less what a market needs to move at all. */
function gapMs(price: SaidPrice, others: readonly SaidPrice[]): number {
  const gaps = others.map(({ observedAtMs }) => Math.abs(price.observedAtMs - observedAtMs)).sort((a, b) => a - b)
  return Math.max(0, (gaps[1] ?? 0) - NO_DRIFT_MS)
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
