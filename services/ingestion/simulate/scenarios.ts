import { SOURCES } from '../src/calls/catalog.ts'

/** What is simulated: how long, with which sources, and which of them is down and when. */
export interface Scenario {
  title: string
  sources: readonly string[]
  /** Ages are taken from here on, after the start. */
  fromMs: number
  lastsMs: number
  /** Down from `fromMs` to the end; null if none. */
  down: string | null
  targets: readonly Target[]
}

/** The median age at a random moment, at most. */
export interface Target {
  of: 'listed' | 'priced' | 'all fields'
  atMostMs: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const NAMES = SOURCES.map(({ facts }) => facts.name)
const PRICING = SOURCES.filter(({ facts }) => facts.kind !== 'index').map(({ facts }) => facts.name)
/** Until what was empty at the start has filled. */
const WARM_UP_MS = 8 * HOUR_MS

const EVERYTHING: readonly Target[] = [
  { of: 'listed', atMostMs: 30 * SECOND_MS },
  { of: 'priced', atMostMs: 15 * MINUTE_MS },
  { of: 'all fields', atMostMs: 8 * HOUR_MS },
]

/** A month with all sources, a day without each of them, a month with the base source alone. */
export const scenariosOf = (days: number): Scenario[] => [
  {
    title: `all free sources, ${daysOf(days)}`,
    sources: NAMES,
    fromMs: WARM_UP_MS,
    lastsMs: days * DAY_MS,
    down: null,
    targets: EVERYTHING,
  },
  ...PRICING.map(
    (down): Scenario => ({
      title: `${down} down for a day`,
      sources: NAMES,
      fromMs: WARM_UP_MS,
      lastsMs: WARM_UP_MS + DAY_MS,
      down,
      targets: [{ of: 'priced', atMostMs: 30 * MINUTE_MS }],
    }),
  ),
  {
    title: `CoinGecko alone, ${daysOf(days)}`,
    sources: ['coingecko'],
    fromMs: WARM_UP_MS,
    lastsMs: days * DAY_MS,
    down: null,
    targets: [{ of: 'priced', atMostMs: 5.5 * HOUR_MS }],
  },
]

const daysOf = (days: number) => (days === 1 ? '1 day' : `${days} days`)
