import { recordings } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { chunksOf, idsParameter } from './chunks.ts'
import { coingeckoSettings, INGESTION_ENVIRONMENT } from './config.ts'
import { planOf } from './plan.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'

t.test(
  'chunks cover each id once, with at most 250 ids and 3,500 characters, whatever the ids and their order',
  async (t) => {
    const id = fc.oneof(
      { weight: 9, arbitrary: fc.stringMatching(/^[a-z0-9-]{1,40}$/) },
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => !text.includes(',')),
    )
    const property = fc.property(fc.uniqueArray(id, { maxLength: 700 }), (ids) => {
      const chunks = chunksOf(ids)
      const fits = chunks.every((chunk) => chunk.length <= 250 && idsParameter(chunk).length <= 3500)
      const same = JSON.stringify(chunksOf([...ids].reverse())) === JSON.stringify(chunks)
      return fits && same && JSON.stringify(chunks.flat()) === JSON.stringify([...ids].sort())
    })
    fc.assert(property, { numRuns: 200, seed: 3_500 })
    t.strictSame(chunksOf([]), [])
    const short = Array.from({ length: 251 }, (_, index) => `c${index}`)
    t.strictSame(
      chunksOf(short).map(({ length }) => length),
      [250, 1],
    )
    t.equal(idsParameter(['1move token', 'é']), '1move%20token,%C3%A9')
  },
)

t.test('the whole recorded list takes no more than 75 calls', { skip }, async (t) => {
  const ids = (recorded?.coinList() ?? []).map((coin) => coin.id)
  t.ok(chunksOf(ids).length <= 75, `${chunksOf(ids).length} calls`)
})

t.test(
  'a demo key is used up to nine tenths of its month: the largest coins hourly, all of them every six to seven hours',
  async (t) => {
    const plan = planOf({ limits: { perMinute: 30, perMonth: 10_000 }, chunks: 70 })
    t.equal(plan.topIntervalMs, HOUR)
    t.ok(plan.sweepIntervalMs > 6 * HOUR && plan.sweepIntervalMs < 7.1 * HOUR, `${plan.sweepIntervalMs / HOUR} h`)
  },
)

t.test('no limits and no number of coins make a plan that overspends the month or most of the rate', async (t) => {
  const limits = fc.record({
    perMinute: fc.integer({ min: 1, max: 1000 }),
    perMonth: fc.option(fc.integer({ min: 200, max: 1_000_000 })),
  })
  const property = fc.property(limits, fc.integer({ min: 1, max: 200 }), (limits, chunks) => {
    const { sweepIntervalMs, topIntervalMs } = planOf({ limits, chunks })
    const callsPerMs = chunks / sweepIntervalMs + 2 / topIntervalMs
    const rateKept = chunks / sweepIntervalMs <= (0.8 * limits.perMinute) / MINUTE + 1e-9
    // One sweep a month is made however small the budget is.
    const least = chunks + 0.2 * 0.9 * (limits.perMonth ?? 0)
    const month = callsPerMs * 30 * 24 * HOUR + 30
    return rateKept && (limits.perMonth === null || month <= Math.max(0.9 * limits.perMonth, least + 30) + 1)
  })
  fc.assert(property, { numRuns: 500, seed: 10_000 })
  t.pass('500 plans')
})

t.test(
  'without a month limit sweeps go by the rate, every five minutes at most, and the largest coins each minute',
  async (t) => {
    const limits = { perMinute: 30, perMonth: null }
    t.strictSame(planOf({ limits, chunks: 70 }), { sweepIntervalMs: 5 * MINUTE, topIntervalMs: MINUTE })
    const keyless = planOf({ limits: { perMinute: 3, perMonth: null }, chunks: 72 })
    t.strictSame(keyless, { sweepIntervalMs: 30 * MINUTE, topIntervalMs: 5 * MINUTE })
  },
)

t.test('given intervals win', async (t) => {
  const limits = { perMinute: 3, perMonth: 10_000 }
  t.strictSame(planOf({ limits, chunks: 70, sweepIntervalSeconds: 7, topIntervalSeconds: 2 }), {
    sweepIntervalMs: 7_000,
    topIntervalMs: 2_000,
  })
})

t.test('limits follow from the key and the host, and can be set', async (t) => {
  const COINGECKO_URL = INGESTION_ENVIRONMENT.COINGECKO_URL.default
  const limitsOf = (env: Partial<Parameters<typeof coingeckoSettings>[0]>) => {
    const { perMinute, perMonth } = coingeckoSettings({ COINGECKO_URL, ...env })
    return [perMinute, perMonth]
  }
  t.strictSame(limitsOf({}), [3, null])
  t.strictSame(limitsOf({ COINGECKO_API_KEY: 'CG-1' }), [30, 10_000])
  t.strictSame(limitsOf({ COINGECKO_URL: 'http://127.0.0.1:4010' }), [30, null])
  t.strictSame(limitsOf({ COINGECKO_API_KEY: 'CG-1', COINGECKO_PER_MINUTE: 100, COINGECKO_PER_MONTH: 5 }), [100, 5])
})
