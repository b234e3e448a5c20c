import {
  type AgePercentiles,
  type Coverage,
  FRESHNESS,
  type Freshness,
  freshnessOf,
  TIERS,
  type Tier,
} from '@crypto-signals/contracts'
import type { Market } from './market.ts'

export interface Surveyed {
  /** How many coins exist; at least those that are held. */
  listed: number
  /** Sources that are exchanges. */
  exchanges: ReadonlySet<string>
}

/** How much of the market is held and how old its prices are at `nowMs`: one walk through all coins. */
export function coverageOf(market: Market, { listed, exchanges }: Surveyed, nowMs: number): Coverage['data'] {
  const { coins, signals, slots } = market
  const all = createTally()
  const tiers = new Map(TIERS.map((tier) => [tier, createTally()]))
  const bySource = coins.sources.names.map(() => ({ used: 0, ages: [] as number[] }))
  const [tierOf, observedAtMs] = [tiersOf(market, exchanges), coins.observedAtMs()]

  for (let slot = 0; slot < slots.ids.length; slot++) {
    if (!coins.has(slot)) continue
    const ageMs = coins.hasPrice(slot) ? Math.max(0, nowMs - (observedAtMs[slot] as number)) : null
    for (const tally of [all, tiers.get(tierOf(slot)) as Tally]) tally.add(ageMs, signals.has(slot))
    if (ageMs !== null) bySource[coins.sources.price[slot] as number]?.ages.push(ageMs)
    for (const [place, source] of bySource.entries())
      source.used += ((coins.sources.used[slot] as number) >>> place) & 1
  }
  // What was never observed has no rank.
  const unseen = Math.max(0, listed - coins.size)
  return {
    ...all.total(unseen),
    tiers: [...tiers].map(([tier, tally]) => ({ tier, ...tally.total(tier === 'tail' ? unseen : 0) })),
    sources: bySource
      .map(({ used, ages }, place) => {
        return { source: coins.sources.names[place] as string, priced: ages.length, used, ageMs: percentilesOf(ages) }
      })
      .sort((a, b) => b.priced - a.priced || (a.source < b.source ? -1 : 1)),
  }
}

const TOP = 500

function tiersOf({ coins }: Market, exchanges: ReadonlySet<string>): (slot: number) => Tier {
  const [{ names, seen }, ranks] = [coins.sources, coins.ranks()]
  const bits = names.reduce((bits, name, place) => bits | (exchanges.has(name) ? 1 << place : 0), 0)
  return (slot) => {
    if (((seen[slot] as number) & bits) !== 0) return 'exchange'
    const rank = ranks[slot] as number
    return rank <= TOP ? 'top500' : rank === Number.POSITIVE_INFINITY ? 'tail' : 'ranked'
  }
}

type Tally = ReturnType<typeof createTally>

function createTally() {
  const ages: number[] = []
  const freshness = Object.fromEntries(FRESHNESS.map((name) => [name, 0])) as Record<Freshness, number>
  let [held, scored] = [0, 0]
  return {
    /** `ageMs` is null where there is no price. */
    add(ageMs: number | null, isScored: boolean) {
      held++
      if (isScored) scored++
      if (ageMs === null) return
      ages.push(ageMs)
      freshness[freshnessOf(ageMs)]++
    },
    total: (unseen: number) => {
      return { listed: held + unseen, priced: ages.length, scored, freshness, ageMs: percentilesOf(ages) }
    },
  }
}

/** By nearest rank. */
function percentilesOf(ages: readonly number[]): AgePercentiles | null {
  if (ages.length === 0) return null
  const sorted = Float64Array.from(ages).sort()
  const at = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1] as number
  return { p50: at(50), p90: at(90), p99: at(99), max: at(100) }
}
