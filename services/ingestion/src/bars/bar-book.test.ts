import { BAR_INTERVALS, BAR_MS, BARS_KEPT, type Bar, type BarInterval } from '@crypto-signals/contracts'
import { type BarStore, openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, tempDir } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { createBarBook } from './bar-book.ts'

interface Seen {
  atMs: number
  price: number
  volume: number | null
}

const MIDNIGHT = Date.parse('2026-01-02T00:00:00.000Z')
const MINUTE_MS = 60_000
const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }

/** A store of its own, and books on it that come and go. */
async function openWorld(startMs = MIDNIGHT) {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'bars.sqlite' })
  const clock = new FakeClock(startMs)
  const { log, lines } = captureLog()
  const newBook = (bars: BarStore = store.bars) => createBarBook({ bars, clock, log })
  return {
    store,
    clock,
    lines,
    newBook,
    recalledBook: async () => {
      const book = newBook()
      await book.recall()
      return book
    },
    stored: (coinId: string, interval: BarInterval) => store.bars.of(coinId, interval, EVER),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

/** The bars that prices make, by the letter of the contract. */
function barsOf(seen: readonly Seen[], interval: BarInterval): Bar[] {
  const byOpening = Object.groupBy(seen, ({ atMs }) => Math.floor(atMs / BAR_MS[interval]) * BAR_MS[interval])
  const bars = Object.entries(byOpening).map(([openedAt, all = []]): Bar => {
    const inOrder = all.toSorted((a, b) => a.atMs - b.atMs || a.price - b.price)
    const prices = inOrder.map(({ price }) => price)
    const first = inOrder.filter(({ atMs }) => atMs === inOrder[0]?.atMs).at(-1)
    const volumes = all.flatMap(({ atMs, volume }) => (volume === null ? [] : [{ atMs, volume }]))
    const lastVolume = volumes.sort((a, b) => a.atMs - b.atMs || a.volume - b.volume).at(-1)?.volume ?? null
    return {
      openedAt: new Date(Number(openedAt)).toISOString(),
      open: first?.price ?? 0,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1) ?? 0,
      volumeUsd: interval === '1d' ? lastVolume : null,
      filled: false,
    }
  })
  return bars.sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1))
}

const price = fc.integer({ min: 1, max: 20 })
const volume = fc.option(fc.integer({ min: 1, max: 5 }))

t.test('makes the same bars of the same prices, in whatever order and however often they come', async (t) => {
  await using world = await openWorld(MIDNIGHT + 10 * MINUTE_MS)
  // Over midnight, so that each length has two bars at least, and all of them may still change.
  const atMs = fc.integer({ min: MIDNIGHT - 10 * MINUTE_MS, max: MIDNIGHT + 10 * MINUTE_MS - 1 })
  const seen = fc.record({ atMs: fc.oneof(atMs, fc.constantFrom(MIDNIGHT, MIDNIGHT - 1)), price, volume })
  const told = fc
    .array(seen, { minLength: 1, maxLength: 30 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length })))
  let run = 0
  await fc.assert(
    fc.asyncProperty(told, async ([all, some]) => {
      const [book, coinId] = [world.newBook(), `coin-${run++}`]
      for (const { atMs, price, volume } of [...some, ...all]) book.tick(coinId, price, atMs, volume)
      await book.flushAll()
      for (const interval of BAR_INTERVALS) {
        t.strictSame(await world.stored(coinId, interval), barsOf(all, interval))
      }
    }),
    { numRuns: 100 },
  )
})

t.test('goes on with its bars after a restart at any moment, but for prices since the last flush', async (t) => {
  await using world = await openWorld()
  const step = fc.record({ passedMs: fc.integer({ min: 1, max: 40 * MINUTE_MS }), price, next: fc.nat(3) })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const coinId = `coin-${run++}`
      let book = world.newBook()
      let [kept, unwritten]: [Seen[], Seen[]] = [[], []]
      for (const { passedMs, price, next } of steps) {
        await world.clock.advance(passedMs)
        const atMs = world.clock.now()
        book.tick(coinId, price, atMs, null)
        unwritten.push({ atMs, price, volume: null })
        if (next === 0) {
          await book.flushAll()
          kept = [...kept, ...unwritten]
        }
        if (next <= 1) unwritten = []
        // A crash.
        if (next === 1) book = await world.recalledBook()
        // And one right after a flush.
        if (next === 0 && price % 2) book = await world.recalledBook()
      }
      await world.clock.advance(BAR_MS['1h'])
      await book.flushAll()
      const all = [...kept, ...unwritten]
      for (const interval of BAR_INTERVALS) t.strictSame(await world.stored(coinId, interval), barsOf(all, interval))
    }),
    { numRuns: 100 },
  )
})

t.test('a late price after a restart widens the bar, and leaves its open alone', async (t) => {
  await using world = await openWorld(MIDNIGHT + 4 * MINUTE_MS)
  const first = world.newBook()
  for (const [minute, price] of [
    [1, 10],
    [3, 12],
  ] as const)
    first.tick('a', price, MIDNIGHT + minute * MINUTE_MS, 5)
  await first.flushAll()
  const book = await world.recalledBook()
  book.tick('a', 9, MIDNIGHT, null)
  book.tick('a', 20, MIDNIGHT + 2 * MINUTE_MS, null)
  book.tick('a', 12, MIDNIGHT + 3 * MINUTE_MS, 6)
  await book.flushAll()
  for (const interval of BAR_INTERVALS) {
    const volumeUsd = interval === '1d' ? 6 : null
    t.match(await world.stored('a', interval), [{ open: 10, high: 20, low: 9, close: 12, volumeUsd }])
  }
})

t.test(
  'drops what is in the future, older than what is kept, or too late for a bar that nobody remembers',
  async (t) => {
    await using world = await openWorld()
    const [book, now] = [world.newBook(), world.clock.now()]
    const tick = (price: number, atMs: number) => book.tick('a', price, atMs, 1)
    tick(1, now + 1)
    tick(1, now - BARS_KEPT['1d'] * BAR_MS['1d'])
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e39, 1e-60]) tick(bad, now)
    await book.flushAll()
    for (const interval of BAR_INTERVALS) t.strictSame(await world.stored('a', interval), [])

    tick(2, now - 3 * BAR_MS['1h'])
    tick(3, now)
    await book.flushAll()
    tick(100, now - 3 * BAR_MS['1h'] + 1)
    await world.clock.advance(BAR_MS['1h'])
    await book.flushAll()
    const highs = async (interval: BarInterval) => (await world.stored('a', interval)).map(({ high }) => high)
    t.strictSame(
      [await highs('5m'), await highs('1h'), await highs('1d')],
      [
        [2, 3],
        [100, 3],
        [100, 3],
      ],
    )
    const later = await world.recalledBook()
    later.tick('a', 200, now - 3 * BAR_MS['1h'] + 2, null)
    await later.flushAll()
    t.strictSame(await highs('5m'), [2, 3])
  },
)

t.test('writes only what has changed, and what could not be written the next time', async (t) => {
  await using world = await openWorld()
  const saved: string[][] = []
  let isFailing = false
  const bars: BarStore = {
    ...world.store.bars,
    save: async (all) => {
      if (isFailing) throw new Error('no')
      saved.push(all.map(({ coinId, interval, series }) => `${coinId} ${interval} ${series.openedAtMs.length}`))
      await world.store.bars.save(all)
    },
  }
  const book = world.newBook(bars)
  book.tick('a', 1, world.clock.now(), null)
  book.tick('b', 2, world.clock.now(), null)
  await Promise.all([book.flushAll(), book.flush()])
  t.strictSame(saved.splice(0), [
    ['a 5m 1', 'b 5m 1'],
    ['a 1h 1', 'b 1h 1'],
    ['a 1d 1', 'b 1d 1'],
  ])
  await book.flushAll()
  book.tick('a', 1, world.clock.now(), null)
  await book.flushAll()
  t.strictSame(saved, [], 'a price said again is nothing new')

  isFailing = true
  const seen: Seen[] = []
  for (let minute = 1; minute <= 90; minute++) {
    await world.clock.advance(MINUTE_MS)
    book.tick('b', minute, world.clock.now(), null)
    seen.push({ atMs: world.clock.now(), price: minute, volume: null })
    if (minute % 7 === 0) await book.flushAll()
  }
  t.match(world.lines.at(-1), { msg: /could not be written/, err: { message: 'no' } })
  isFailing = false
  await book.flushAll()
  t.strictSame(
    saved.flat().map((line) => line.slice(0, 4)),
    ['b 5m', 'b 1h', 'b 1d'],
  )
  const all = [{ atMs: MIDNIGHT, price: 2, volume: null }, ...seen]
  for (const interval of BAR_INTERVALS) t.strictSame(await world.stored('b', interval), barsOf(all, interval))
})

t.test(
  'whoever is in a hurry ends after the batch that is being written, and nothing of it is half there',
  async (t) => {
    await using world = await openWorld()
    const hurry = new AbortController()
    let calls = 0
    const bars: BarStore = {
      ...world.store.bars,
      save: async (all) => {
        if (++calls === 2) hurry.abort()
        await world.store.bars.save(all)
      },
    }
    const book = world.newBook(bars)
    const coins = Array.from({ length: 500 }, (_, index) => `coin-${index}`)
    for (const coinId of coins) book.tick(coinId, 1, world.clock.now(), null)
    await book.flushAll(hurry.signal)
    t.equal(calls, 2)
    const stored = await Promise.all(coins.map(async (coinId) => (await world.stored(coinId, '5m')).length))
    const kept = stored.reduce((sum, count) => sum + count, 0)
    t.ok(kept > 0 && kept < coins.length, `${kept} coins`)
    await book.flushAll()
    t.equal((await world.stored('coin-499', '1d')).length, 1, 'the rest is written when it is asked for again')
  },
)

t.test('writes bars that go on in turn, the shorter the sooner, and what was filled at once', async (t) => {
  await using world = await openWorld()
  const book = world.newBook()
  const hours = async () => (await world.stored('a', '1h')).map(({ close }) => close)
  const tick = async (price: number, afterMs: number) => {
    await world.clock.advance(afterMs)
    book.tick('a', price, world.clock.now(), null)
    await book.flush()
  }
  await tick(1, 0)
  await tick(2, 14 * MINUTE_MS)
  t.strictSame([await hours(), (await world.stored('a', '5m')).length], [[1], 2])
  await tick(3, MINUTE_MS)
  t.strictSame(await hours(), [3])
  book.fill('a', '1h', [{ openedAt: '2026-01-01T20:00:00.000Z', ...FLAT }])
  await book.flush()
  t.strictSame(await hours(), [7, 3])
  await tick(4, MINUTE_MS)
  t.equal((await world.stored('a', '5m')).at(-1)?.close, 2)
  await book.flushAll()
  t.strictSame([await hours(), (await world.stored('a', '5m')).at(-1)?.close], [[7, 4], 4])
})

const FLAT = { open: 7, high: 7, low: 7, close: 7, volumeUsd: null, filled: true }
