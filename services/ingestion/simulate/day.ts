import { rmSync } from 'node:fs'
import { openBus } from '@crypto-signals/bus'
import { openCache } from '@crypto-signals/cache'
import { type Simulator, startSimulator } from '@crypto-signals/simulator'
import { openStore } from '@crypto-signals/store'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { SOURCES } from '../src/calls/catalog.ts'
import { createMarketWatch, type MarketWatch } from '../src/market-watch.ts'
import { createIngestionMetrics } from '../src/metrics.ts'
import type { MarketSource, SourceTools } from '../src/source.ts'
import { drawsOf } from './chance.ts'
import { createCheck, type Findings, wrongMappings } from './check.ts'
import { createFastClock, type FastClock } from './fast-clock.ts'
import { checkBars, type Held } from './past-check.ts'
import { createRest } from './rest.ts'
import { scratchDir } from './scratch-dir.ts'

export interface DayOptions {
  hours: number
  coins: number
  /** A price, of now or of the past, further off than this share of the true one is wrong. */
  tolerance: number
  print: (line: string) => void
}

const START_MS = Date.parse('2026-01-01T00:00:00.000Z')
const HOUR_MS = 3_600_000
// Longer than any answer of the simulator takes to make.
const PATIENCE_MS = 5_000
const BARS_EVERY_NTH = 20

/** Plays hours of the whole of ingestion against the world over HTTP and WebSocket, all on one fast clock; false where something published was wrong or a limit was broken. */
export const simulateDay = async ({ hours, coins, tolerance, print }: DayOptions): Promise<boolean> => {
  const rest = createRest(PATIENCE_MS)
  const clock = createFastClock({ startMs: START_MS, settle: () => rest.come() })
  await using simulator = await startSimulator({ clock, coins, limits: 'free-plans' })
  const check = createCheck(simulator, tolerance)
  const dataDir = scratchDir()
  try {
    return await played({ clock, simulator, check, tolerance, dataDir, hours, print })
  } finally {
    rmSync(dataDir, { recursive: true })
  }
}

interface Playing {
  clock: FastClock
  simulator: Simulator
  check: ReturnType<typeof createCheck>
  tolerance: number
  dataDir: string
  hours: number
  print: (line: string) => void
}

const played = async ({ clock, simulator, check, tolerance, dataDir, hours, print }: Playing): Promise<boolean> => {
  const log = pino({ level: 'silent' })
  await using store = await openStore({ dataDir, file: 'day.db' })
  await using bus = await openBus({ clock, log })
  await using cache = await openCache({ clock, log })
  const metrics = new Registry()
  const random = drawsOf('day')
  const watch = createMarketWatch({
    sources: openedAll(simulator, { clock, log, random }),
    ports: { store, bus, cache, clock, log, metrics },
    intervals: {},
    publish: async (_, quotes) => check.published(quotes, clock.now()),
    metrics: createIngestionMetrics(metrics, { watch: () => null, isLeading: () => true }),
    random,
  })
  await within(clock, watch.start())
  for (let hour = 1; hour <= Math.ceil(hours); hour++) {
    const startedAt = performance.now()
    await clock.run(START_MS + Math.min(hour, hours) * HOUR_MS)
    print(`hour ${hour}: ${check.line()} (${Math.round((performance.now() - startedAt) / 1_000)} s)`)
  }
  const isGood = report({ watch, simulator, findings: check.findings(), print })
  await within(clock, watch.stop())
  // All of them are written now.
  const bars = await checkBars(store.bars, simulator, { everyNth: BARS_EVERY_NTH, tolerance })
  const areBarsGood = [told('built bars', bars.built, print), told('filled bars', bars.filled, print)].every(Boolean)
  return isGood && areBarsGood
}

/** Lets the clock go on until `work` is done: it may wait by it. */
const within = async <T>(clock: FastClock, work: Promise<T>): Promise<T> => {
  const state = { done: false }
  const noted = work.finally(() => {
    state.done = true
  })
  while (!state.done) await clock.run(clock.now() + 100)
  return await noted
}

const openedAll = ({ url, streamUrl }: Simulator, tools: SourceTools): MarketSource[] =>
  SOURCES.map((definition) => {
    const { facts, defaults } = definition
    const apiKey = facts.access === 'free-key' ? 'simulated' : null
    const { perMinute, perMonth } = defaults.limits({ url: defaults.url, apiKey })
    const settings = {
      url: `${url}/${facts.name}`,
      streamUrl: defaults.streamUrl === undefined ? null : `${streamUrl}/${facts.name}`,
      apiKey,
      perMinute,
      perMonth,
      simulated: false,
    }
    return definition.open(settings, tools)
  })

const report = ({
  watch,
  simulator,
  findings,
  print,
}: {
  watch: MarketWatch
  simulator: Simulator
  findings: Findings
  print: (line: string) => void
}): boolean => {
  const wrong = SOURCES.flatMap(({ facts }) => wrongMappings(watch.identity, simulator, facts.name))
  const broken = Object.entries(simulator.violations()).filter(([, count]) => count > 0)
  print(`coins published: ${findings.coins}; prices: ${findings.prices}; by source:`)
  for (const [source, { prices, wrong: off }] of findings.bySource)
    print(`  ${source.padEnd(15)} ${prices} prices, ${off} wrong`)
  for (const { source, method, active, dropped } of watch.identity.counts())
    print(`  mapped on ${source.padEnd(15)} by ${method}: ${active}, dropped ${dropped}`)
  for (const [source, { requests, peakPerMinute, monthCredits }] of Object.entries(simulator.usage()))
    print(`  asked ${source.padEnd(15)} ${requests} times, at most ${peakPerMinute} a minute, ${monthCredits} credits`)
  const arePricesGood = told('prices', { count: findings.prices, wrong: findings.wrong }, print)
  const areChangesGood = told('changes', findings.changes, print)
  print(`wrong mappings: ${wrong.length}`)
  for (const example of wrong.slice(0, 10)) print(`  ${example}`)
  print(`limits broken: ${broken.map(([source, count]) => `${source} ${count}`).join(', ') || 'none'}`)
  return arePricesGood && areChangesGood && wrong.length === 0 && broken.length === 0
}

/** Tells what was held against the truth; whether all of it was right. */
const told = (what: string, { count, wrong }: Held, print: (line: string) => void): boolean => {
  print(`wrong ${what}: ${wrong.length} of ${count}`)
  for (const example of wrong.slice(0, 10)) print(`  ${example}`)
  return wrong.length === 0
}
