import assert from 'node:assert/strict'
import { BAR_INTERVALS, BAR_MS, BARS_KEPT, type Bar, type BarInterval } from '@crypto-signals/contracts'
import * as fc from 'fast-check'
import t from 'tap'
import { newestBars } from './newest-bars.ts'

const DAY_MS = BAR_MS['1d']
const START = Date.parse('2026-01-01T00:00:00.000Z')
const MINUTE_MS = 60_000
/** How long ago bars of each length may have been written. */
const WRITTEN_EVERY_MS: Record<BarInterval, number> = { '5m': 300_000, '1h': 900_000, '1d': 3_600_000 }

interface Tick {
  usd: number
  observedAtMs: number
}

/** The bars of ticks, oldest first. */
function barsOf(interval: BarInterval, ticks: readonly Tick[], volumeUsd: number | null = null): Bar[] {
  const openedAtOf = ({ observedAtMs }: Tick) =>
    new Date(Math.floor(observedAtMs / BAR_MS[interval]) * BAR_MS[interval]).toISOString()
  const bars = Map.groupBy(ticks, openedAtOf)
  return [...bars].map(([openedAt, own]) => {
    const prices = own.map(({ usd }) => usd)
    const [open, close] = [prices[0] as number, prices.at(-1) as number]
    return { openedAt, open, high: Math.max(...prices), low: Math.min(...prices), close, volumeUsd, filled: false }
  })
}

const bar = (openedAt: string, price: number, rest: Partial<Bar> = {}): Bar => {
  return { openedAt, open: price, high: price, low: price, close: price, volumeUsd: null, filled: false, ...rest }
}

const gapMs = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 10 * MINUTE_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: DAY_MS }) },
)
const part = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)
const market = fc.record({
  startMs: fc.integer({ min: START, max: START + DAY_MS }),
  moves: fc.array(fc.tuple(gapMs, fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 60, size: 'max' }),
  sinceMs: fc.oneof(fc.integer({ min: 0, max: 10 * MINUTE_MS }), fc.integer({ min: 0, max: 3 * DAY_MS })),
  written: fc.record({ '5m': part, '1h': part, '1d': part }),
})

t.test('bars are those made of all prices that were written and of the newest one', async (t) => {
  let completed = 0
  const property = fc.property(market, ({ startMs, moves, sinceMs, written }) => {
    let observedAtMs = startMs
    const ticks = moves.map(([gap, usd]): Tick => {
      observedAtMs += gap
      return { observedAtMs, usd }
    })
    const [price, nowMs] = [ticks.at(-1) as Tick, observedAtMs + sinceMs]
    // The longer bars are written with the shorter ones, or before them.
    const writtenAt = (interval: BarInterval) =>
      Math.min(nowMs - written['5m'] * WRITTEN_EVERY_MS['5m'], nowMs - written[interval] * WRITTEN_EVERY_MS[interval])
    const until = (atMs: number) => ticks.filter((tick) => tick.observedAtMs <= atMs)
    const storedOf = (interval: BarInterval) =>
      barsOf(interval, until(writtenAt(interval)), 7).slice(-BARS_KEPT[interval])
    const isKept = ({ openedAt }: Bar) => Date.parse(openedAt) > nowMs - DAY_MS
    for (const interval of BAR_INTERVALS) {
      const stored = storedOf(interval)
      const fives = storedOf('5m').filter(isKept)
      const bars = newestBars({ interval, nowMs, stored, fives, price })
      const seen = [...new Set([...until(writtenAt('5m')), price])]
      const expected = barsOf(interval, seen).map((one) => {
        const volumeUsd = stored.find(({ openedAt }) => openedAt === one.openedAt)?.volumeUsd ?? null
        return { ...one, volumeUsd }
      })
      assert.deepEqual(bars, expected, interval)
      if (JSON.stringify(bars) !== JSON.stringify(stored)) completed++
    }
  })
  fc.assert(property, { numRuns: 2_000 })
  t.ok(completed > 1_500, `${completed} of them lacked something in the store`)
})

t.test('the newest price is the close of its bar unless later bars are known, and widens it always', async (t) => {
  const stored = [bar('2026-01-01T10:00:00.000Z', 5), bar('2026-01-01T10:05:00.000Z', 6)]
  const nowMs = Date.parse('2026-01-01T10:07:00.000Z')
  const closes = (at: string, usd = 9) => {
    const price = { usd, observedAtMs: Date.parse(at) }
    return newestBars({ interval: '5m', nowMs, stored, fives: [], price }).map(({ high, low, close }) => [
      high,
      low,
      close,
    ])
  }
  t.strictSame(closes('2026-01-01T10:06:00.000Z'), [
    [5, 5, 5],
    [9, 6, 9],
  ])
  t.strictSame(closes('2026-01-01T10:04:59.999Z'), [
    [9, 5, 5],
    [6, 6, 6],
  ])
  t.strictSame(
    closes('2026-01-01T09:59:59.999Z'),
    [
      [5, 5, 5],
      [6, 6, 6],
    ],
    'a price of before',
  )
  t.strictSame(
    closes('2026-01-01T10:10:00.000Z'),
    [
      [5, 5, 5],
      [6, 6, 6],
    ],
    'a price of a time to come',
  )
  t.strictSame(
    closes('2026-01-01T10:06:00.000Z', 1.23456789),
    [
      [5, 5, 5],
      [6, 1.234568, 1.234568],
    ],
    'seven digits',
  )
  for (const usd of [0, 1e-60, 1e39])
    t.strictSame(closes('2026-01-01T10:06:00.000Z', usd), [
      [5, 5, 5],
      [6, 6, 6],
    ])
})

t.test('a bar was filled only if nothing of it was seen, and volumes of shorter bars are none of its', async (t) => {
  const filled = { filled: true, volumeUsd: 3 }
  const nowMs = Date.parse('2026-01-01T11:10:00.000Z')
  const of = (stored: Bar[], fives: Bar[]) => newestBars({ interval: '1h', nowMs, stored, fives, price: null })
  const hour = bar('2026-01-01T10:00:00.000Z', 5, filled)
  const [past, seen] = [bar('2026-01-01T10:30:00.000Z', 6, filled), bar('2026-01-01T10:35:00.000Z', 4)]
  t.match(of([hour], [past]), [{ open: 5, high: 6, low: 5, close: 6, volumeUsd: 3, filled: true }])
  t.match(of([hour], [past, seen]), [{ open: 5, high: 6, low: 4, close: 4, volumeUsd: 3, filled: false }])
  t.match(of([], [past]), [{ open: 6, close: 6, volumeUsd: null, filled: true }])
  const others = [bar('2026-01-01T08:00:00.000Z', 1, filled), bar('2026-01-01T14:00:00.000Z', 2)]
  t.strictSame(of(others, []), others, 'what is older stays as it is, and what a faster clock wrote')
})
