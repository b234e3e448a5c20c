import * as fc from 'fast-check'
import t from 'tap'
import { type PlanInput, type PlannedFeed, planOf } from './plan.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MONTH = 31 * 24 * HOUR

const feedOf = (feed: Partial<PlannedFeed> & { name: string }): PlannedFeed => ({
  bestEveryMs: MINUTE,
  share: 0.9,
  urgent: false,
  calls: 1,
  credits: feed.calls ?? 1,
  ...feed,
})
const SWEEP = feedOf({ name: 'sweep', bestEveryMs: 5 * MINUTE, share: 0.66, calls: 70 })
const TOP = feedOf({ name: 'top', share: 0.03, urgent: true, calls: 2 })
const STALEST = feedOf({ name: 'stalest', bestEveryMs: 20 * MINUTE, share: 0.17, urgent: true, calls: 1 })

/** Intervals of CoinGecko's feeds, or of others, in ms. */
const planned = ({ limits, ...input }: Partial<Omit<PlanInput, 'limits'>> & { limits: Partial<PlanInput['limits']> }) =>
  Object.fromEntries(
    planOf({
      feeds: [SWEEP, TOP, STALEST],
      besides: 31,
      alone: false,
      monthMs: MONTH,
      ...input,
      limits: { perMinute: 30, perMonth: null, minGapMs: 0, ...limits },
    }),
  ) as Record<string, number>

t.test(
  'a demo key beside other sources: three sweeps a day, what nobody else keeps fresh twice an hour, a tenth in reserve',
  async (t) => {
    const { sweep = 0, top = 0, stalest = 0 } = planned({ limits: { perMonth: 10_000 } })
    t.ok(sweep > 7 * HOUR && sweep < 8 * HOUR, `${sweep / HOUR} h`)
    t.ok(stalest > 24 * MINUTE && stalest < 30 * MINUTE, `${stalest / MINUTE} min`)
    t.ok(top > 4 * HOUR && top < 6 * HOUR, `${top / HOUR} h`)
    const spent = (70 * MONTH) / sweep + (2 * MONTH) / top + MONTH / stalest + 31
    t.ok(spent <= 9_000, `${spent} credits`)
  },
)

t.test('a demo key alone reaches every coin within 5 h 30 min, within its month', async (t) => {
  const { sweep = 0, top = 0, stalest = 0 } = planned({ limits: { perMonth: 10_000 }, alone: true })
  // A round is scattered by a minute at most.
  t.ok(sweep + MINUTE <= 5.5 * HOUR, `${sweep / HOUR} h`)
  const spent = (70 * MONTH) / sweep + (2 * MONTH) / top + MONTH / stalest + 31
  t.ok(spent <= 9_750, `${spent} credits`)
})

t.test(
  'without a month limit all feeds of a source together take no more than 80 % of its rate, urgent ones a fifth of that',
  async (t) => {
    const feeds = [SWEEP, TOP]
    t.strictSame(planned({ limits: { perMinute: 30 }, feeds }), { sweep: 5 * MINUTE, top: MINUTE })
    const keyless = planned({ limits: { perMinute: 3 }, feeds })
    t.strictSame(keyless, { sweep: Math.round((70 / 1.92) * MINUTE), top: Math.round((2 / 0.48) * MINUTE) })
    const gap = planned({
      limits: { perMinute: 1_000, minGapMs: 4_000 },
      feeds: [feedOf({ name: 'sweep', calls: 143 })],
    })
    t.equal(gap.sweep, Math.round((143 * 4_000) / 0.8))
  },
)

t.test('a feed whose best interval the limits bear is asked no more often than that', async (t) => {
  const tickers = feedOf({ name: 'tickers', bestEveryMs: 5 * MINUTE })
  t.strictSame(planned({ limits: { perMinute: 60, perMonth: 20_000 }, feeds: [tickers], besides: 0 }), {
    tickers: 5 * MINUTE,
  })
})

t.test('no limits and no feeds make a plan that overspends the month or the rate', async (t) => {
  const feed = fc.record({
    bestEveryMs: fc.integer({ min: 1_000, max: 24 * HOUR }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    urgent: fc.boolean(),
    calls: fc.integer({ min: 1, max: 300 }),
    each: fc.integer({ min: 1, max: 25 }),
  })
  const limits = fc.record({
    perMinute: fc.integer({ min: 1, max: 1_000 }),
    minGapMs: fc.integer({ min: 0, max: 10_000 }),
    perMonth: fc.option(fc.integer({ min: 200, max: 1_000_000 })),
  })
  const property = fc.property(
    limits,
    fc.array(feed, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    (limits, made, alone) => {
      const feeds = made.map(({ each, ...feed }, index) => ({
        ...feed,
        name: String(index),
        credits: feed.calls * each,
      }))
      const plan = planOf({ limits, feeds, besides: 31, alone, monthMs: MONTH })
      const sum = (of: (feed: PlannedFeed) => number) => feeds.reduce((total, one) => total + of(one), 0)
      const everyMs = ({ name }: PlannedFeed) => plan.get(name) ?? 0
      const rate = sum((one) => one.calls / everyMs(one))
      const inRate = rate <= (0.8 / Math.max(MINUTE / limits.perMinute, limits.minGapMs)) * 1.001
      const isSeldomEnough = feeds.every((one) => everyMs(one) >= one.bestEveryMs)
      if (limits.perMonth === null) return inRate && isSeldomEnough
      // One round a month is made however small the budget is.
      const spent = sum((one) => (everyMs(one) >= MONTH ? 0 : (one.credits * MONTH) / everyMs(one)))
      return inRate && isSeldomEnough && spent + 31 <= (alone ? 0.97 : 0.9) * limits.perMonth * 1.001 + 31
    },
  )
  fc.assert(property, { numRuns: 1_000, seed: 10_000 })
  t.pass('1,000 plans')
})
