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
import { MAX_SOURCES } from './sources.ts'

export interface Surveyed {
  /** How many coins exist; at least those that are held. */
  listed: number
  /** Sources that are exchanges. */
  exchanges: ReadonlySet<string>
}

/** How much of the market is held and how old its prices are at `nowMs`: one walk through all coins and one sort of as many numbers. */
export function coverageOf(market: Market, { listed, exchanges }: Surveyed, nowMs: number): Coverage['data'] {
  const { names } = market.coins.sources
  const [all, tiers, sources] = [createTally(), TIERS.map(createTally), names.map(createTally)]
  const ages = createAges(market.coins.size)
  const tierOf = tiersOf(market, exchanges)
  for (const { slot, source, ageMs, isScored } of coinsOf(market, nowMs)) {
    const tier = TIERS.indexOf(tierOf(slot))
    for (const tally of [all, tiers[tier] as Tally]) {
      tally.listed++
      if (isScored) tally.scored++
    }
    countUsed(sources, market.coins.sources.used[slot] as number)
    if (ageMs === null) continue
    const freshness = freshnessOf(ageMs)
    for (const tally of [all, tiers[tier] as Tally, sources[source] as Tally]) {
      tally.priced++
      tally.freshness[freshness]++
    }
    if (freshness !== 'dead') ages.add(ageMs, tier, source)
  }
  ages.handOut((ageMs, tier, source) => {
    for (const tally of [all, tiers[tier] as Tally, sources[source] as Tally]) tally.ages.push(ageMs)
  })
  // What was never observed has no rank.
  const unseen = Math.max(0, listed - market.coins.size)
  return {
    ...reachOf(all, unseen),
    tiers: TIERS.map((tier, place) => ({ tier, ...reachOf(tiers[place] as Tally, tier === 'tail' ? unseen : 0) })),
    sources: names
      .map((source, place) => ({ source, ...useOf(sources[place] as Tally) }))
      .filter(isUsed)
      .sort(byUse),
  }
}

interface Tally {
  listed: number
  priced: number
  scored: number
  used: number
  freshness: Record<Freshness, number>
  /** Of prices that are not dead, youngest first. */
  ages: number[]
}

const createTally = (): Tally => ({
  listed: 0,
  priced: 0,
  scored: 0,
  used: 0,
  freshness: Object.fromEntries(FRESHNESS.map((name) => [name, 0])) as Tally['freshness'],
  ages: [],
})

/** Each coin that is held, with the age of its price, null where it has none, and the place of the source that price is from. */
function* coinsOf({ coins, signals, slots }: Market, nowMs: number) {
  const observedAtMs = coins.observedAtMs()
  for (let slot = 0; slot < slots.ids.length; slot++) {
    if (!coins.has(slot)) continue
    const ageMs = coins.hasPrice(slot) ? Math.max(0, nowMs - (observedAtMs[slot] as number)) : null
    yield { slot, source: coins.sources.price[slot] as number, ageMs, isScored: signals.has(slot) }
  }
}

/** `used` has a bit for each source. */
function countUsed(sources: readonly Tally[], used: number): void {
  for (let bits = used; bits !== 0; bits &= bits - 1) (sources[31 - Math.clz32(bits & -bits)] as Tally).used++
}

/** Ages with whose they are, handed out youngest first: so they are sorted once, and not once for each that wants them sorted. */
function createAges(most: number) {
  const packed = new Float64Array(most)
  let count = 0
  return {
    add(ageMs: number, tier: number, source: number) {
      packed[count++] = (ageMs * TIERS.length + tier) * MAX_SOURCES + source
    },
    handOut(hand: (ageMs: number, tier: number, source: number) => void) {
      for (const one of packed.subarray(0, count).sort()) {
        const rest = Math.floor(one / MAX_SOURCES)
        hand(Math.floor(rest / TIERS.length), rest % TIERS.length, one % MAX_SOURCES)
      }
    },
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

const reachOf = ({ listed, priced, scored, freshness, ages }: Tally, unseen: number) => {
  return { listed: listed + unseen, priced, scored, freshness, ageMs: percentilesOf(ages) }
}

const useOf = ({ priced, used, ages }: Tally) => ({ priced, used, ageMs: percentilesOf(ages) })

type Use = Coverage['data']['sources'][number]

/** One that said something once may have been replaced everywhere since. */
const isUsed = ({ priced, used }: Use) => priced > 0 || used > 0

const byUse = (a: Use, b: Use) => b.priced - a.priced || (a.source < b.source ? -1 : 1)

/** By nearest rank. */
function percentilesOf(ages: readonly number[]): AgePercentiles | null {
  if (ages.length === 0) return null
  const at = (percent: number) => ages[Math.ceil((percent / 100) * ages.length) - 1] as number
  return { p50: at(50), p90: at(90), p99: at(99), max: at(100) }
}
