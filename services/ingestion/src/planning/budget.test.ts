import type { BudgetStore } from '@crypto-signals/store'
import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { createBudget } from './budget.ts'
import { createCaller } from './caller.ts'
import { createExhaustion } from './exhaustion.ts'
import { createPace } from './pace.ts'
import { createSpare } from './spare.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const never = new AbortController().signal

t.test('each throttle halves the pace, to an eighth at most, and each hour without one doubles it again', async (t) => {
  const clock = new FakeClock()
  const pace = createPace(clock)
  t.equal(pace.slowdown(), 1)
  const slowed = [1, 2, 3, 4].map(() => {
    pace.throttled()
    return pace.slowdown()
  })
  t.strictSame(slowed, [2, 4, 8, 8])
  const eased: number[] = []
  for (let hour = 0; hour < 4; hour++) {
    await clock.advance(HOUR)
    eased.push(pace.slowdown())
  }
  t.strictSame(eased, [4, 2, 1, 1])
})

t.test('the end of a month is foreseen from the month so far and from the last day, whichever is faster', async (t) => {
  const start = Date.parse('2026-01-01T00:00:00Z')
  const exhaustion = createExhaustion(10_000)
  t.equal(exhaustion.at(start + DAY, 0), null)
  t.equal(exhaustion.at(start + 10 * DAY, 3_000), null, 'as it goes on, it lasts')
  // 1,000 on the eleventh day: six more days like this one.
  t.equal(exhaustion.at(start + 11 * DAY, 4_000), start + 17 * DAY)
  t.equal(exhaustion.at(start + 11 * DAY, 10_000), start + 11 * DAY, 'it is at its end')
  t.equal(exhaustion.at(Date.parse('2026-02-01T01:00:00Z'), 1), null, 'a month that begins anew')
  t.equal(createExhaustion(10_000).at(start + 10 * DAY, 5_000), start + 20 * DAY)
  t.equal(createExhaustion(null).at(start, 1e9), null)
})

const unlimited: BudgetStore = {
  reserve: async () => ({ granted: true }),
  block: async () => undefined,
  usage: async () => ({ minuteUsed: 0, monthUsed: 0, blockedUntil: null }),
}

t.test('a clock that is set back makes a gap between calls no longer than it is', async (t) => {
  let now = 1_000_000
  const slept: number[] = []
  const clock = { now: () => now, sleep: async (ms: number) => void slept.push(ms) }
  const budget = createBudget('x', { perMinute: 60, perMonth: null, minGapMs: 1_000 }, unlimited, clock)
  await budget.take(1, never)
  now -= 500_000
  await budget.take(1, never)
  t.strictSame(slept, [1_000])
})

t.test('what is spared is a tenth of the rate, behind all feeds, and nothing of a month', async (t) => {
  const clock = new FakeClock()
  const spareOf = (perMonth: number | null) => {
    const budget = createBudget('x', { perMinute: 60, perMonth, minGapMs: 0 }, unlimited, clock)
    const caller = createCaller({ budget, clock, random: () => 0, observe: () => undefined })
    return createSpare({ caller, budget, clock })
  }
  const request = { credits: 1, ask: async () => clock.now() }
  const spare = spareOf(null)
  const made: number[] = []
  for (let second = 0; second < 60; second++) {
    const call = spare(() => request, never)
    if (call !== null) made.push(await call)
    await clock.advance(1_000)
  }
  t.equal(made.length, 6)
  t.equal(
    spareOf(null)(() => null, never),
    null,
  )
  t.equal(
    spareOf(1_000)(() => request, never),
    null,
  )
})
