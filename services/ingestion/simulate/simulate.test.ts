import t from 'tap'
import { createAges } from './ages.ts'
import { drawsOf } from './chance.ts'
import { simulateDay } from './day.ts'
import { createFastClock } from './fast-clock.ts'
import { modelWorldOf } from './model-world.ts'
import { play } from './run.ts'
import type { Scenario } from './scenarios.ts'
import { ageRowsOf, isMet, violationsOf } from './statistics.ts'

const HOUR_MS = 3_600_000
const world = modelWorldOf(
  Array.from({ length: 1_200 }, (_, index) => ({ id: `coin-${index}`, symbol: `c${index}`, name: `Coin ${index}` })),
)

const scenario = (given: Partial<Scenario>): Scenario => ({
  title: 'a few hours',
  sources: ['coingecko', 'defillama', 'coinlore', 'gate', 'mexc', 'binance', 'kraken', 'dexscreener'],
  fromMs: HOUR_MS,
  lastsMs: 3 * HOUR_MS,
  down: null,
  targets: [
    { of: 'listed', atMostMs: 30_000 },
    { of: 'priced', atMostMs: 900_000 },
  ],
  ...given,
})

t.test(
  'the fast clock wakes all in the order of their times, without waiting, and nobody who was aborted',
  async (t) => {
    const clock = createFastClock({ startMs: 1_000 })
    const woken: number[] = []
    const sleep = async (ms: number, signal?: AbortSignal) => {
      await clock.sleep(ms, signal)
      woken.push(clock.now())
    }
    const aborted = new AbortController()
    const gone = t.rejects(sleep(50, aborted.signal), /enough/)
    const asleep = [7, 86_400_000, 3, 5, 3].map((ms) => sleep(ms))
    aborted.abort(new Error('enough'))
    await clock.run(1_000 + 86_400_000)
    await Promise.all([gone, ...asleep])
    t.same(woken, [1_003, 1_003, 1_005, 1_007, 86_401_000])
    await clock.run(clock.now() + 10)
    t.equal(clock.now(), 86_401_010)
  },
)

t.test('of a coin the newest price counts, and on the stream its last trade', async (t) => {
  const ages = createAges(world, () => 0.5)
  const onStream = world.tradeEveryMs.findIndex((everyMs) => everyMs > 0)
  const offStream = world.tradeEveryMs.indexOf(0)
  for (const index of [onStream, offStream]) {
    ages.priced(index, 5_000)
    ages.priced(index, 4_000)
  }
  ages.streaming(true)
  ages.sample(1_000_000)
  ages.streaming(false)
  ages.sample(1_000_000)
  const [live, silent] = ages.samples.price
  t.equal(live?.[offStream], 995_000)
  t.equal(live?.[onStream], (world.tradeEveryMs[onStream] ?? 0) / 2)
  t.equal(silent?.[onStream], 995_000)
})

t.test(
  'real definitions and planning, played fast, break no limit and keep coins as fresh as they should',
  async (t) => {
    const outcome = await play(scenario({}), world, 40)
    t.equal(violationsOf(outcome), 0)
    t.ok((outcome.usage.coingecko?.requests ?? 0) > 5 && (outcome.usage.gate?.requests ?? 0) > 300)
    const rows = ageRowsOf(outcome, world)
    t.same(rows.map(isMet), [true, true, true], JSON.stringify(rows))
  },
)

t.test('without the sources that carry the most, coins are older, and the verdict says so', async (t) => {
  const targets = [{ of: 'priced', atMostMs: 420_000 }] as const
  for (const [down, met] of [
    [null, true],
    ['defillama', false],
  ] as const) {
    const outcome = await play(scenario({ sources: ['coingecko', 'defillama'], down, targets }), world, 40)
    const rows = ageRowsOf(outcome, world)
    t.equal(rows.every(isMet), met, JSON.stringify(rows))
  }
})

t.test('two runs of the same scenario come to the same', async (t) => {
  const short = scenario({ sources: ['coingecko', 'coinlore'], lastsMs: 2 * HOUR_MS })
  const [one, other] = [await play(short, world, 10), await play(short, world, 10)]
  t.same(one.usage, other.usage)
  t.same(one.ages, other.ages)
  t.not(drawsOf('a')(), drawsOf('b')())
})

t.test(
  'minutes of all of ingestion against the world publish true prices, map nothing wrongly and break no limit',
  async (t) => {
    const lines: string[] = []
    const good = await simulateDay({ hours: 0.15, coins: 300, tolerance: 0.05, print: (line) => lines.push(line) })
    t.ok(good, lines.join('\n'))
    t.ok(Number(/coins published: (\d+)/.exec(lines.join('\n'))?.[1]) > 270, lines.join('\n'))
  },
)
