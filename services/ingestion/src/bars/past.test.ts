import { BAR_MS, BARS_KEPT, type Bar, type BarInterval } from '@crypto-signals/contracts'
import { openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, tempDir } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import type { MarketSource } from '../source.ts'
import { createBarBook } from './bar-book.ts'
import { sevenDigits } from './digits.ts'
import { createFiller } from './filler.ts'
import { barsOfSparkline } from './sparkline-bars.ts'

const NOW = Date.parse('2026-03-01T10:30:00.000Z')
const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, BAR_MS['1h'], BAR_MS['1d']]

async function openWorld(startMs = NOW) {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'bars.sqlite' })
  const clock = new FakeClock(startMs)
  const { log, lines } = captureLog()
  const book = createBarBook({ bars: store.bars, clock, log })
  return {
    store,
    clock,
    book,
    log,
    lines,
    stored: (interval: BarInterval) => store.bars.of('a', interval, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }),
    /** Prices of a coin at so many minutes before now. */
    tell: (...seen: [minutesAgo: number, price: number][]) => {
      for (const [minutesAgo, price] of seen) book.tick('a', price, startMs - minutesAgo * MINUTE_MS, null)
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

const flat = (openedAtMs: number, price: number, volumeUsd: number | null = null): Bar => ({
  openedAt: new Date(openedAtMs).toISOString(),
  open: price,
  high: price,
  low: price,
  close: price,
  volumeUsd,
  filled: true,
})

t.test('tells the price of a moment by the shortest bars that reach there', async (t) => {
  await using world = await openWorld()
  const { book } = world
  t.equal(book.priceAt('a', NOW), null)
  world.tell([70, 1], [66, 2], [64, 3], [0, 4])
  const at = (minutesAgo: number, priceUsd: number) => ({ priceUsd, atMs: NOW - minutesAgo * MINUTE_MS })
  t.strictSame(book.priceAt('a', NOW - 60 * MINUTE_MS), at(60, 3), 'the close of the bar that ended by then')
  t.strictSame(book.priceAt('a', NOW - 65 * MINUTE_MS), at(65, 2), 'not of one that was going on')
  t.strictSame(book.priceAt('a', NOW - 53 * MINUTE_MS), at(60, 3), 'of one that ended 7 minutes before')
  t.equal(book.priceAt('a', NOW - 71 * MINUTE_MS), null)
})

t.test('beyond a day tells hours, beyond a week days, and hours nearer where minutes tell nothing', async (t) => {
  await using world = await openWorld()
  const { book } = world
  const hour = Math.floor(NOW / HOUR_MS) * HOUR_MS
  const day = Math.floor(NOW / DAY_MS) * DAY_MS
  book.fill(
    'a',
    '1h',
    Array.from({ length: 174 }, (_, ago) => flat(hour - (ago + 1) * HOUR_MS, ago + 1)),
  )
  book.fill(
    'a',
    '1d',
    Array.from({ length: 371 }, (_, ago) => flat(day - (ago + 1) * DAY_MS, 1_000 + ago + 1)),
  )
  t.strictSame(book.priceAt('a', NOW - 24 * HOUR_MS), { priceUsd: 25, atMs: hour - 24 * HOUR_MS })
  t.strictSame(book.priceAt('a', NOW - 7 * DAY_MS), { priceUsd: 169, atMs: hour - 168 * HOUR_MS })
  t.strictSame(book.priceAt('a', NOW - 14 * DAY_MS), { priceUsd: 1_015, atMs: day - 14 * DAY_MS })
  t.strictSame(book.priceAt('a', NOW - 365 * DAY_MS), { priceUsd: 1_366, atMs: day - 365 * DAY_MS })
  t.equal(book.priceAt('a', NOW - 500 * DAY_MS), null)
  t.equal(book.priceAt('a', NOW - HOUR_MS), null, 'for an hour ago an hour is too coarse')
  await book.flushAll()
  t.equal((await world.stored('1h')).length, 174)
  t.equal((await world.stored('1d'))[0]?.close, 1_371)
})

t.test('tells the range of a day only where bars cover it', async (t) => {
  await using world = await openWorld()
  const { book } = world
  t.equal(book.rangeOf('a', NOW), null)
  const seen = (gapMinutes: number) =>
    Array.from({ length: Math.ceil((24 * 60) / gapMinutes) }, (_, n): [number, number] => [
      n * gapMinutes,
      10 + (n % 5),
    ])
  world.tell(...seen(50).reverse())
  t.strictSame(book.rangeOf('a', NOW), { high: 14, low: 10 })
  t.equal(book.rangeOf('a', NOW + 2 * HOUR_MS), null, 'nothing is known of its end')
  world.tell([26 * 60, 99])
  t.strictSame(book.rangeOf('a', NOW), { high: 14, low: 10 }, 'what is older does not count')
  await using other = await openWorld()
  other.tell(
    ...seen(50)
      .filter(([minutesAgo]) => minutesAgo < 300 || minutesAgo > 370)
      .reverse(),
  )
  t.equal(other.book.rangeOf('a', NOW), null, 'an hour and more is missing')
})

t.test('what it learnt from a sparkline it tells again as one', async (t) => {
  await using world = await openWorld()
  const { book } = world
  const sparkline = Array.from({ length: 168 }, (_, index) => index + 1)
  const observedAtMs = NOW - 25 * MINUTE_MS
  book.fill('a', '1h', barsOfSparkline(sparkline, observedAtMs))
  t.equal(book.sparklineOf('a', NOW)?.at(-1), 168, 'the newest is the last known')
  t.equal(book.known('a', '1h'), 168)
  world.tell([0, 500])
  const told = book.sparklineOf('a', NOW)
  t.strictSame(told, [...sparkline.slice(1), 500])
  t.equal(book.priceAt('a', NOW - 7 * DAY_MS + 2 * HOUR_MS)?.priceUsd, 2)
  t.equal(book.sparklineOf('a', NOW + 2 * HOUR_MS), null, 'without a price of now there is none')
})

t.test('bridges hours that are not known with the price before, if most are', async (t) => {
  await using world = await openWorld()
  const { book } = world
  const sparkline = Array.from({ length: 168 }, (_, index) => (index % 5 === 2 ? 0 : index + 1))
  book.fill('a', '1h', barsOfSparkline(sparkline, NOW))
  world.tell([0, 500])
  const told = book.sparklineOf('a', NOW)
  t.equal(told?.length, 168)
  t.strictSame(told?.slice(0, 7), [2, 2, 4, 5, 6, 7, 7])
  await using other = await openWorld()
  other.book.fill('a', '1h', barsOfSparkline(sparkline.slice(-130), NOW))
  other.tell([0, 500])
  t.equal(other.book.sparklineOf('a', NOW), null)
})

t.test(
  'takes the last price of a sparkline for that of the last whole hour, where there is no doubt which that is',
  (t) => {
    const at = (time: string) => Date.parse(`2026-03-01T${time}:00.000Z`)
    const hours = (observedAt: string) =>
      barsOfSparkline([1, 3, 2], at(observedAt)).map(({ openedAt, close }) => `${openedAt.slice(11, 13)} ${close}`)
    t.strictSame(hours('10:00'), ['07 1', '08 3', '09 2'])
    for (const at of ['10:01', '10:29', '10:31', '10:57']) t.strictSame(hours(at), ['07 1', '08 3', '09 2'])
    for (const at of ['10:58', '10:59']) t.strictSame(hours(at), [])
    t.strictSame(hours('11:00'), ['08 1', '09 3', '10 2'])
    t.match(barsOfSparkline([1, 3, 2], at('10:00')), [
      { open: 1, high: 1, low: 1, close: 1, volumeUsd: null, filled: true },
      { open: 1, high: 3, low: 1, close: 3 },
      { open: 3, high: 3, low: 2, close: 2 },
    ])
    t.strictSame(barsOfSparkline([], at('10:00')), [])
    t.end()
  },
)

t.test('puts past bars in only where there are none, and prices as they were seen in their place', async (t) => {
  await using world = await openWorld()
  const { book } = world
  const hour = Math.floor(NOW / HOUR_MS) * HOUR_MS
  world.tell([30, 50])
  book.fill('a', '1h', [flat(hour - HOUR_MS, 1, 5), flat(hour - 2 * HOUR_MS, 2), flat(hour, 3)])
  world.tell([40, 60])
  await book.flushAll()
  const restarted = createBarBook({ bars: world.store.bars, clock: world.clock, log: captureLog().log })
  await restarted.recall()
  for (const one of [book, restarted]) {
    one.fill(
      'a',
      '1h',
      [-3, -2, -1, 0].map((ago) => flat(hour + ago * HOUR_MS, 9)),
    )
    await world.clock.advance(HOUR_MS)
    await one.flushAll()
    t.strictSame(
      (await world.stored('1h')).map(({ close, volumeUsd, filled }) => [close, volumeUsd, filled]),
      [
        [9, null, true],
        [2, null, true],
        [60, null, false],
        [50, null, false],
      ],
    )
  }
})

t.test('takes no bar from outside that cannot be one', async (t) => {
  await using world = await openWorld()
  const hour = Math.floor(NOW / HOUR_MS) * HOUR_MS
  const good = flat(hour - HOUR_MS, 1)
  const bad: Partial<Bar>[] = [
    { openedAt: 'yesterday' },
    { openedAt: new Date(hour - HOUR_MS + 1).toISOString() },
    { openedAt: new Date(hour + HOUR_MS).toISOString() },
    { openedAt: new Date(hour - 500 * HOUR_MS).toISOString() },
    { low: 0 },
    { open: -1 },
    { high: 1e39 },
    { close: Number.NaN },
  ]
  world.book.fill(
    'a',
    '1h',
    bad.map((fault) => ({ ...good, ...fault })),
  )
  await world.book.flushAll()
  t.strictSame(await world.stored('1h'), [])
  world.book.fill('a', '1h', [{ ...good, high: 0.5, low: 3, close: 2, volumeUsd: 8 }])
  await world.book.flushAll()
  t.match(await world.stored('1h'), [{ open: 1, high: 3, low: 0.5, close: 2, volumeUsd: 8, filled: true }])
})

t.test('asks for the past of the coin that is wanted most and lacks most, and not again within a week', async (t) => {
  await using world = await openWorld()
  const { book, clock } = world
  const day = Math.floor(NOW / DAY_MS) * DAY_MS
  const asked: string[] = []
  const filler = fillerOn(world, { keys: { a: { key: 'key-a', multiplier: 1 }, c: { key: 'key-c', multiplier: 1 } } })
  const source = {
    facts: ALPHA,
    history: async (key: string, interval: BarInterval) => {
      asked.push(`${key} ${interval}`)
      if (key === 'key-c') throw new Error('no')
      return Array.from({ length: interval === '1d' ? BARS_KEPT['1d'] : 3 }, (_, n) => flat(day - (n + 1) * DAY_MS, 1))
    },
  }
  const { history: _, ...without } = source
  t.equal(filler.next(without), null)
  t.equal(filler.next({ ...source, facts: { ...ALPHA, name: 'beta' } }), null)
  t.match(filler.next(source), { coinId: 'a', interval: '1d' })
  t.match(filler.next(source), { coinId: 'a', interval: '1d' }, 'a call that was not made does not count')
  book.fill('a', '1d', [flat(day - DAY_MS, 1)])
  for (let next = filler.next(source); next !== null; next = filler.next(source)) {
    await next.ask(never).catch(() => undefined)
  }
  t.strictSame(asked.splice(0), ['key-a 1h', 'key-a 1d', 'key-c 1d', 'key-c 1h'])
  t.equal(book.known('a', '1d'), BARS_KEPT['1d'] - 1)
  await clock.advance(7 * DAY_MS - 1)
  t.equal(filler.next(source), null)
  await clock.advance(1)
  t.match(filler.next(source), { coinId: 'a', interval: '1h' }, 'days are known well enough')
})

const ALPHA = { name: 'alpha' } as MarketSource['facts']
const never = new AbortController().signal

interface Known {
  keys: Record<string, { key: string; multiplier: number }>
  prices?: Record<string, number>
}

/** A filler of the coins b, a and c, which `alpha` names by these keys, and which cost so much now. */
function fillerOn({ book, clock, log }: Awaited<ReturnType<typeof openWorld>>, { keys, prices = {} }: Known) {
  return createFiller({
    book,
    identity: { keyOf: (source, coinId) => (source === 'alpha' ? (keys[coinId] ?? null) : null) },
    priceOf(coinId) {
      const priceUsd = prices[coinId]
      return priceUsd === undefined ? null : { priceUsd, observedAtMs: NOW, sources: 1 }
    },
    coins: () => ['b', 'a', 'c'],
    clock,
    log,
  })
}

t.test('the past of a pair of many coins is that of one, and what it traded in dollars stays', async (t) => {
  for (const multiplier of [1, 1_000, 1_000_000]) {
    await using world = await openWorld()
    const filler = fillerOn(world, { keys: { a: { key: 'many', multiplier } }, prices: { a: 2e-6 } })
    const day = Math.floor(NOW / DAY_MS) * DAY_MS
    const bar = { ...flat(day - DAY_MS, 2e-6 * multiplier, 5_000), high: 4e-6 * multiplier, low: 1e-6 * multiplier }
    await filler.next({ facts: ALPHA, history: async () => [bar] })?.ask(never)
    await world.book.flushAll()
    t.match(await world.stored('1d'), [{ open: 2e-6, high: 4e-6, low: 1e-6, close: 2e-6, volumeUsd: 5_000 }])
  }
})

t.test('refuses, loudly, a past that ends at thrice or a third of what is known of about that time', async (t) => {
  const day = Math.floor(NOW / DAY_MS) * DAY_MS
  /** What is stored of a past that ends at a price. */
  const storedOf = async (price: number, { earlier, now }: { earlier?: number; now?: number }) => {
    await using world = await openWorld()
    const prices: Record<string, number> = now === undefined ? {} : { a: now }
    const filler = fillerOn(world, { keys: { a: { key: 'a', multiplier: 1 } }, prices })
    if (earlier !== undefined) world.book.tick('a', earlier, day - 1, null)
    await filler
      .next({ facts: ALPHA, history: async () => [flat(day - 2 * DAY_MS, 10), flat(day - DAY_MS, price)] })
      ?.ask(never)
    await world.book.flushAll()
    const isWarned = world.lines.some(({ msg }) => /past bars refused/.test(msg ?? ''))
    const isStored = (await world.stored('1d')).some(({ close, filled }) => filled && close === 10)
    t.equal(isWarned, !isStored)
    return isStored
  }
  t.strictSame(
    [await storedOf(29, { now: 10 }), await storedOf(31, { now: 10 }), await storedOf(3, { now: 10 })],
    [true, false, false],
  )
  t.equal(await storedOf(50, { earlier: 40, now: 10 }), true, 'what was known then counts more than what is now')
  t.equal(await storedOf(10, { earlier: 40, now: 10 }), false)
  t.equal(await storedOf(1e6, {}), true, 'nothing is known')
})

t.test('rounds to seven digits as printing does', (t) => {
  fc.assert(
    fc.property(fc.float({ min: Math.fround(1e-37), noNaN: true, noDefaultInfinity: true }), (value) => {
      const [rounded, printed] = [sevenDigits(value), Number(value.toPrecision(7))]
      // Half-way between two, either will do.
      t.ok(rounded === printed || Math.abs(rounded - printed) <= value * 1.0001e-6)
      t.ok(
        String(rounded)
          .replace(/e.*|[.]|^0+/g, '')
          .replace(/^0+|0+$/g, '').length <= 7,
      )
    }),
  )
  t.end()
})
