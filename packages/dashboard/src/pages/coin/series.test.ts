import type { Bar, ScorePoint } from '@crypto-signals/client'
import t from 'tap'
import { barsOver, changeOf, changeOver, courseOf, extremesOf, isDrawable, placeBetween, scoresOf } from './series.ts'

const NOW = Date.parse('2026-03-10T12:00:00.000Z')
const HOUR_MS = 3_600_000

const hourly = (data: Bar[]) => ({ interval: '1h' as const, data })

t.test('a course holds the closes within the span where each bar ended, and the live price behind them', (t) => {
  const bars = [bar(-170, 1), bar(-3, 10), bar(-2, 11), bar(-0.5, 12)]
  const { times, prices } = courseOf(hourly(bars), '7d', NOW, { price: 13, atMs: NOW - 5_000 })
  t.same(prices, [10, 11, 13], 'neither what is too old nor the bar that goes on')
  t.same(times, [-2, -1].map((hours) => (NOW + hours * HOUR_MS) / 1_000).concat((NOW - 5_000) / 1_000))
  t.end()
})

t.test('a bar that had begun before the span gives the price at which the span began', (t) => {
  const straddling = { ...bar(-168.25, 14), open: 10 }
  const { times, prices } = courseOf(hourly([bar(-169.25, 1), straddling, bar(-1, 20)]), '7d', NOW, null)
  t.same(prices, [11, 14, 20], 'a quarter of the way from open to close')
  t.same(
    times.slice(0, 2),
    [-168, -167.25].map((hours) => (NOW + hours * HOUR_MS) / 1_000),
  )
  t.end()
})

t.test('a day is drawn from hourly bars until the finer ones tell of half of it', async (t) => {
  const firstOf = { '5m': -1, '1h': -30, '1d': -90 }
  const ask = async (interval: '5m' | '1h' | '1d') => ({ interval, data: [bar(firstOf[interval], 1)] })
  const intervalOver = async (span: '24h' | '7d') => (await barsOver(span, NOW, ask)).interval
  t.equal(await intervalOver('24h'), '1h')
  firstOf['5m'] = -12
  t.equal(await intervalOver('24h'), '5m')
  t.equal(await intervalOver('7d'), '1h')
  t.same(await barsOver('24h', NOW, async (interval) => ({ interval, data: [] })), { interval: '5m', data: [] })
  firstOf['5m'] = firstOf['1h'] = -2
  t.equal(await intervalOver('24h'), '5m', 'nor where those begin no earlier')
})

t.test('without a live price the bar that goes on ends the course', (t) => {
  t.same(courseOf(hourly([bar(-2, 11), bar(-0.5, 12)]), '7d', NOW, null).prices, [11, 12])
  t.same(courseOf(hourly([]), '7d', NOW, null), { times: [], prices: [] })
  t.end()
})

t.test('a live price older than the last bar is left out, so that time only goes on', (t) => {
  t.same(courseOf(hourly([bar(-1, 11)]), '7d', NOW, { price: 9, atMs: NOW - HOUR_MS }).prices, [11])
  t.end()
})

t.test('changes and extremes are those of the values', (t) => {
  t.equal(changeOf([50, 70, 60]), 19.999999999999996)
  t.equal(changeOf([0, 5]), null, 'nothing grows from nothing')
  t.equal(changeOf([]), null)
  t.same(extremesOf([3, 1, 5, 1, 5]), { low: 1, high: 2 })
  t.end()
})

t.test('the change over a span is what the sources say where the course tells of all of it', (t) => {
  const over = (days: number) => ({ times: [0, days * 86_400], prices: [100, 110] })
  t.equal(changeOver(over(7), '7d', -3), -3)
  t.equal(changeOver(over(6.8), '7d', -3), -3, 'to some hours')
  t.equal(Math.round(changeOver(over(4), '7d', -3) ?? 0), 10)
  t.equal(Math.round(changeOver(over(7), '7d', null) ?? 0), 10)
  t.equal(changeOver({ times: [], prices: [] }, '7d', 5), null)
  t.end()
})

t.test('a price beyond the range of the day stands at its end, and unknown ends leave no place', (t) => {
  t.equal(placeBetween(10, 20, 15), 0.5)
  t.equal(placeBetween(10, 20, 25), 1)
  t.equal(placeBetween(10, 10, 10), null)
  t.equal(placeBetween(null, 20, 15), null)
  t.end()
})

t.test('the scores of the moment stand behind the remembered ones unless those are newer', (t) => {
  const points = [point('2026-03-10T10:00:00.000Z', 40), point('2026-03-10T11:00:00.000Z', null)]
  const { times, scores } = scoresOf(points, point('2026-03-10T11:20:00.000Z', 70))
  t.equal(times.length, 3)
  t.same(scores.SWING_TRADING, [40, null, 70], 'no opinion is a gap')
  t.same(scoresOf(points, point('2026-03-10T10:30:00.000Z', 70)).scores.SWING_TRADING, [40, null])
  t.same(scoresOf([], null).times, [])
  t.end()
})

t.test('scores of less than two hours, or of two days among those of days, are no course yet', (t) => {
  const from = (at: string) => scoresOf([point(at, 40)], point('2026-03-10T12:00:00.000Z', 70))
  t.notOk(isDrawable(scoresOf([], null), '1h'))
  t.notOk(isDrawable(from('2026-03-10T10:00:01.000Z'), '1h'))
  t.ok(isDrawable(from('2026-03-10T10:00:00.000Z'), '1h'))
  t.notOk(isDrawable(from('2026-03-10T10:00:00.000Z'), '1d'))
  t.ok(isDrawable(from('2026-03-08T12:00:00.000Z'), '1d'))
  t.end()
})

function bar(hours: number, close: number): Bar {
  const openedAt = new Date(NOW + hours * HOUR_MS).toISOString()
  return { openedAt, open: close, high: close, low: close, close, volumeUsd: null, filled: false }
}

function point(at: string, score: number | null): ScorePoint {
  return { at, SCALPING: score, DAY_TRADING: score, SWING_TRADING: score, LONG_TERM: score }
}
