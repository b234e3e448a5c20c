import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t from 'tap'
import { SOURCES } from '../src/calls/catalog.ts'
import type { Demand } from '../src/demand.ts'
import type { PollFeed } from '../src/source.ts'
import { createAges } from './ages.ts'
import { drawsOf } from './chance.ts'
import { simulateDay } from './day.ts'
import { createFastClock } from './fast-clock.ts'
import { modelWorldOf } from './model-world.ts'
import { modelled } from './modelled-source.ts'
import { readOptions } from './options.ts'
import { play } from './run.ts'
import { type Scenario, scenariosOf } from './scenarios.ts'
import { ageRowsOf, isMet, violationsOf } from './statistics.ts'
import { headOf, linesOf } from './table.ts'

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

t.test('a source that nobody knows anything of keeps to its own limits and tells of no coin', async (t) => {
  const clock = createFastClock({ startMs: Date.parse('2026-01-01T00:00:00.000Z') })
  const gate = SOURCES.find(({ facts }) => facts.name === 'gate')
  if (gate === undefined) throw new Error('no gate')
  const settings = { url: 'http://127.0.0.1:9', streamUrl: null, apiKey: null, simulated: false }
  const opened = gate.open(
    { ...settings, perMinute: 2, perMonth: 3 },
    { clock, log: pino({ level: 'silent' }), random: () => 0.5 },
  )
  // The name of a property that every object has.
  for (const name of ['newcomer', 'constructor']) {
    const ages = createAges(world, () => 0.5)
    const real = { ...opened, facts: { ...gate.facts, name } }
    const { source, limiter, plan } = modelled(real, { clock, world, ages, random: () => 0.5, isUp: () => true })
    const feed = source.feeds.find((one): one is PollFeed => one.kind === 'poll')
    const [call] = feed?.round({} as Demand) ?? []
    const ask = async () => {
      const asked = Promise.allSettled([call?.ask(new AbortController().signal)])
      await clock.run(clock.now() + 5_000)
      return (await asked)[0]?.status
    }
    t.strictSame([await ask(), await ask(), await ask()], ['fulfilled', 'fulfilled', 'rejected'], 'two a minute')
    await clock.run(clock.now() + 60_000)
    t.strictSame([await ask(), await ask()], ['fulfilled', 'rejected'], 'three a month')
    t.equal(ages.pricedAt(0, clock.now()), 0)

    const usage = { [name]: limiter.usage() }
    const outcome = { scenario: scenario({}), usage, plans: { [name]: plan }, ages: ages.samples }
    t.match(linesOf(outcome, []).join('\n'), new RegExp(`${name} .* 2/60 s, 3/mo +2\n`))
    const head = headOf(world, 'here', [...SOURCES.map(({ facts }) => facts), real.facts]).join('\n')
    t.match(head, new RegExp(`  ${name} +the limits of its own definition.*; no coin, as nothing is assumed of it\n`))
    t.equal(head.match(/own definition|no coin/g)?.length, 2, 'of all others both are known')
  }
})

t.test('refuses a command line that cannot be, and says what is wrong with it', async (t) => {
  const good = [
    [['--month'], { what: 'month', days: 31, only: '' }],
    [['--month', '--days', '1', '--only', 'CoinGecko alone'], { what: 'month', days: 1, only: 'CoinGecko alone' }],
    [['--day', '--hours', '0.5', '--coins', '300'], { what: 'day', hours: 0.5, coins: 300 }],
  ] as const
  for (const [args, options] of good) t.strictSame(readOptions(args), options)
  const bad = {
    '--month --days abc': /--days abc: must be a whole number from 1 to 366/,
    '--month --days 0': /--days 0: /,
    '--month --days 1.5': /--days 1.5: /,
    '--month --days': /--days/,
    '--day --hours x': /--hours x: must be a number from 0.01 to 744/,
    '--day --hours 0': /--hours 0: /,
    '--day --hours=Infinity': /--hours Infinity: /,
    '--day --coins=-1': /--coins -1: must be a whole number/,
    '--day --coins -1': /--coins/,
    '--month --only nosuch': /--only nosuch: no scenario .* all free sources, 31 days; /,
    '--month --day': /either --month or --day/,
    '--nonsense': /--nonsense/,
    '': /usage: simulate/,
  }
  for (const [line, message] of Object.entries(bad)) {
    const options = readOptions(line.split(' ').filter((arg) => arg !== ''))
    t.match(options, { what: 'nothing', message }, line)
    t.match(options, { message: /usage: simulate --month/ })
  }
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, '--month', '--days', 'abc'], {
    encoding: 'utf8',
  })
  t.strictSame([status, stdout], [2, ''])
  t.match(stderr, /^--days abc: /)
  t.equal(scenariosOf(1).at(-1)?.title, 'CoinGecko alone, 1 day')
  t.equal(scenariosOf(2)[0]?.title, 'all free sources, 2 days')
})

t.test(
  'minutes of all of ingestion against the world publish and store true prices and changes, map nothing wrongly and break no limit',
  async (t) => {
    const lines: string[] = []
    const good = await simulateDay({ hours: 0.15, coins: 300, tolerance: 0.05, print: (line) => lines.push(line) })
    t.ok(good, lines.join('\n'))
    const said = lines.join('\n')
    t.ok(Number(/coins published: (\d+)/.exec(said)?.[1]) > 270, said)
    for (const what of ['changes', 'built bars', 'filled bars'])
      t.ok(Number(new RegExp(`wrong ${what}: 0 of (\\d+)`).exec(said)?.[1]) > 10, `${what}: ${said}`)
  },
)
