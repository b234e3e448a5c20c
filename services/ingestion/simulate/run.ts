import { rmSync } from 'node:fs'
import type { LimitUsage, Plan } from '@crypto-signals/simulator'
import { openStore } from '@crypto-signals/store'
import { pino } from 'pino'
import { SOURCES } from '../src/calls/catalog.ts'
import { createDemandBook } from '../src/planning/demand-book.ts'
import { createPlanner } from '../src/planning/planner.ts'
import type { MarketSource, SourceDefinition } from '../src/source.ts'
import { type Ages, createAges } from './ages.ts'
import { drawsOf } from './chance.ts'
import { createFastClock, type FastClock } from './fast-clock.ts'
import type { ModelWorld } from './model-world.ts'
import { type ModelledSource, modelled } from './modelled-source.ts'
import type { Scenario } from './scenarios.ts'
import { scratchDir } from './scratch-dir.ts'

/** What a scenario came to. */
export interface Outcome {
  scenario: Scenario
  usage: Readonly<Record<string, LimitUsage>>
  /** What each source bears. */
  plans: Readonly<Record<string, Plan>>
  ages: Ages['samples']
}

// The longest month there is.
const START_MS = Date.parse('2026-01-01T00:00:00.000Z')

/** Plays one scenario with the real definitions, planning and budgets, on a clock of its own. */
export const play = async (scenario: Scenario, world: ModelWorld, samples: number): Promise<Outcome> => {
  const clock = createFastClock({ startMs: START_MS })
  const random = drawsOf(scenario.title)
  const ages = createAges(world, random)
  const isUp = (source: string, now: number) => source !== scenario.down || now < START_MS + scenario.fromMs
  const sources = SOURCES.filter(({ facts }) => scenario.sources.includes(facts.name)).map((definition) =>
    modelled(opened(definition, clock, random), { clock, world, ages, random, isUp }),
  )
  const dataDir = scratchDir()
  try {
    await using store = await openStore({ dataDir, file: 'month.db' })
    const planner = plannerOf(sources, { clock, world, ages, random, store })
    await planner.start()
    for (const at of momentsOf(scenario, samples, random)) {
      await clock.run(START_MS + at)
      ages.sample(clock.now())
    }
    await clock.run(START_MS + scenario.lastsMs)
    // Whoever waits for the last calls waits by this clock.
    const stopped = planner.stop()
    await clock.run(clock.now() + 60_000)
    await stopped
  } finally {
    rmSync(dataDir, { recursive: true })
  }
  const usage = Object.fromEntries(sources.map(({ source, limiter }) => [source.facts.name, limiter.usage()]))
  const plans = Object.fromEntries(sources.map(({ source, plan }) => [source.facts.name, plan]))
  return { scenario, usage, plans, ages: ages.samples }
}

const opened = (definition: SourceDefinition, clock: FastClock, random: () => number): MarketSource => {
  const { url, streamUrl = null } = definition.defaults
  const apiKey = 'none'
  const { perMinute, perMonth } = definition.defaults.limits({ url, apiKey })
  const settings = { url, streamUrl, apiKey, perMinute, perMonth, simulated: false }
  return definition.open(settings, { clock, log: SILENT, random })
}

const SILENT = pino({ level: 'silent' })

const plannerOf = (
  sources: readonly ModelledSource[],
  {
    clock,
    world,
    ages,
    random,
    store,
  }: {
    clock: FastClock
    world: ModelWorld
    ages: Ages
    random: () => number
    store: Awaited<ReturnType<typeof openStore>>
  },
) => {
  // One object for all: it is looked at and let go millions of times.
  const price = { priceUsd: 1, observedAtMs: 0, sources: 1 }
  const demand = createDemandBook({
    clock,
    priceOf(coinId) {
      price.observedAtMs = ages.pricedAt(world.indexOf(coinId), clock.now())
      return price.observedAtMs === 0 ? null : price
    },
    priceAt: () => null,
    contractsOf: (coinId) =>
      Object.entries(world.coins[world.indexOf(coinId)]?.platforms ?? {}).map(([platform, address]) => ({
        platform,
        address,
      })),
  })
  // So many are held in alerts and looked at.
  demand.hold(world.bySize.filter((_, place) => place % 400 === 0).map((index) => world.coins[index]?.id ?? ''))
  return createPlanner({
    sources: sources.map(({ source }) => source),
    demand,
    store,
    clock,
    random,
    log: SILENT,
    hand: {
      coins: () => undefined,
      pairs: async () => undefined,
      observations: () => Promise.resolve(),
      index: () => Promise.resolve(),
    },
  })
}

const momentsOf = ({ fromMs, lastsMs }: Scenario, count: number, random: () => number): number[] =>
  Array.from({ length: count }, () => fromMs + random() * (lastsMs - fromMs)).sort((a, b) => a - b)
