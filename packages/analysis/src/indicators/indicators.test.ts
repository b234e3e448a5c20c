import * as fc from 'fast-check'
import t from 'tap'
import { BollingerBands, MACD, RSI, SMA } from 'technicalindicators'
import { bollinger } from './bollinger.ts'
import { MACD_POINTS, macd } from './macd.ts'
import { sma } from './moving-average.ts'
import { rsi } from './rsi.ts'

/** The worked example of StockCharts' article on the RSI: 33 closes of a fund. */
const CLOSES = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614,
  46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548,
  44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
]

const ramp = (length: number) => Array.from({ length }, (_, i) => 100 + i)
const flat = (length: number) => Array.from({ length }, () => 0.1)
/** Flat but for the last bits, as sums in floating point leave it. */
const jitter = (length: number) => Array.from({ length }, (_, i) => (i % 2 === 0 ? 0.3 : 0.1 + 0.2))
const near = (actual: number | undefined, expected: number, tolerance: number) =>
  actual !== undefined && Math.abs(actual - expected) <= tolerance

t.test("the RSI gives the published values of StockCharts' example", async (t) => {
  t.ok(near(rsi(CLOSES.slice(0, 15)) ?? undefined, 70.53, 0.005))
  t.ok(near(rsi(CLOSES.slice(0, 16)) ?? undefined, 66.32, 0.005))
  t.ok(near(rsi(CLOSES) ?? undefined, 37.77, 0.005))
})

t.test('the RSI is 100 when a series only rises, 0 when it only falls and 50 when nothing moves', async (t) => {
  t.equal(rsi(ramp(40)), 100)
  t.equal(rsi(ramp(40).reverse()), 0)
  t.equal(rsi(flat(40)), 50)
  t.equal(rsi(jitter(40)), 50)
})

t.test('the MACD of a straight line is the distance between the lags of its averages', async (t) => {
  const reading = macd(ramp(60))
  t.ok(near(reading?.macd, (26 - 1) / 2 - (12 - 1) / 2, 1e-9))
  t.ok(near(reading?.signal, 7, 1e-9))
  t.ok(near(reading?.histogram, 0, 1e-9))
})

t.test('the MACD answers a step with the shares of the averages', async (t) => {
  const reading = macd([...Array.from({ length: 50 }, () => 10), 11])
  t.ok(near(reading?.macd, 2 / 13 - 2 / 27, 1e-12))
  t.ok(near(reading?.signal, 0.2 * (2 / 13 - 2 / 27), 1e-12))
})

t.test('the Bollinger bands lie two population deviations around the mean', async (t) => {
  const reading = bollinger(Array.from({ length: 20 }, (_, i) => i + 1))
  const deviation = Math.sqrt(399 / 12)
  t.equal(reading?.middle, 10.5)
  t.ok(near(reading?.upper, 10.5 + 2 * deviation, 1e-12))
  t.ok(near(reading?.percentB, 0.5 + 9.5 / (4 * deviation), 1e-12))
  t.equal(bollinger(flat(20))?.percentB, 0.5)
  t.equal(bollinger(jitter(20))?.percentB, 0.5)
})

t.test('an indicator says nothing before it has enough values', async (t) => {
  t.equal(rsi(ramp(14)), null)
  t.not(rsi(ramp(15)), null)
  t.equal(macd(ramp(MACD_POINTS - 1)), null)
  t.not(macd(ramp(MACD_POINTS)), null)
  t.equal(bollinger(ramp(19)), null)
  t.equal(sma(ramp(4), 5), null)
  t.equal(sma([9, 1, 2, 3], 3), 2)
})

t.test('every indicator agrees with an independent implementation on random series', async (t) => {
  const series = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 40, maxLength: 170 })
  fc.assert(
    fc.property(series, (values) => {
      const theirs = MACD.calculate({
        values,
        fastPeriod: 12,
        slowPeriod: 26,
        signalPeriod: 9,
        SimpleMAOscillator: false,
        SimpleMASignal: false,
      }).at(-1)
      const ours = macd(values)
      const bands = BollingerBands.calculate({ values, period: 20, stdDev: 2 }).at(-1)
      return (
        near(ours?.macd, theirs?.MACD as number, 1e-9) &&
        near(ours?.signal, theirs?.signal as number, 1e-9) &&
        near(sma(values, 20) ?? undefined, SMA.calculate({ values, period: 20 }).at(-1) as number, 1e-9) &&
        near(bollinger(values)?.upper, bands?.upper as number, 1e-6) &&
        // It rounds its RSI to hundredths.
        (moves(values) < 1e-3 ||
          near(rsi(values) ?? undefined, RSI.calculate({ values, period: 14 }).at(-1) as number, 0.006))
      )
    }),
    { numRuns: 200 },
  )
  t.pass('200 series')
})

const moves = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
