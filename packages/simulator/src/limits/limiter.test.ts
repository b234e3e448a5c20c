import * as fc from 'fast-check'
import t from 'tap'
import { createLimiter } from './limiter.ts'
import { PLANS, type Plan } from './plan.ts'

const planOf = (given: Partial<Plan>): Plan => ({ ...PLANS.coingecko, perMonth: null, ...given })

t.test('never lets more in than a window bears, and turns nobody away whom it would bear', async () => {
  const steps = fc.array(
    fc.record({ gapMs: fc.integer({ min: 0, max: 700 }), weight: fc.integer({ min: 1, max: 4 }) }),
    {
      maxLength: 80,
    },
  )
  fc.assert(
    fc.property(steps, (requests) => {
      const limiter = createLimiter(planOf({ windows: [{ ms: 1_000, weight: 6 }] }))
      const admitted: { at: number; weight: number }[] = []
      let now = 0
      for (const { gapMs, weight } of requests) {
        now += gapMs
        const since = now - 1_000
        const used = admitted.filter(({ at }) => at > since).reduce((sum, one) => sum + one.weight, 0)
        const refused = limiter.admit(now, weight, 1)
        if ((refused === null) !== used + weight <= 6) return false
        if (refused === null) admitted.push({ at: now, weight })
      }
      return limiter.usage().requests === admitted.length
    }),
  )
})

t.test('whoever comes back when told is let in', async (t) => {
  const limiter = createLimiter(planOf({ windows: [{ ms: 60_000, weight: 30 }] }))
  for (let second = 0; second < 30; second++) t.equal(limiter.admit(second * 1_000, 1, 1), null)
  const refused = limiter.admit(30_000, 1, 1)
  t.same(refused, { limit: '30 in 60 s', retryAfterMs: 30_000 })
  t.equal(limiter.admit(30_000 + 29_999, 1, 1)?.retryAfterMs, 1)
  t.equal(limiter.admit(60_000, 1, 1), null)
  t.same(limiter.usage().violations, { '30 in 60 s': 2 })
})

t.test('credits are counted by the calendar month, and the next one begins anew', async (t) => {
  const limiter = createLimiter(planOf({ windows: [], perMonth: 100 }))
  const lastDay = Date.parse('2026-01-31T23:59:00Z')
  t.equal(limiter.admit(lastDay, 1, 75), null)
  t.equal(limiter.admit(lastDay, 1, 25), null)
  t.equal(limiter.admit(lastDay, 1, 1)?.retryAfterMs, 60_000)
  t.equal(limiter.admit(lastDay + 60_000, 1, 25), null)
  t.match(limiter.usage(), { monthCredits: 25, peakMonthCredits: 100, requests: 3, peakPerMinute: 2 })
})
