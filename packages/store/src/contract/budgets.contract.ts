import * as fc from 'fast-check'
import type { BudgetStore, CallLimits } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'

export function budgetsContract(guarantee: Guarantee): void {
  guarantee(
    'grants calls up to the limit of a minute, then tells when the next is free',
    async (t, { store: { budgets } }) => {
      t.strictSame(await outcomes(budgets, [0, 10, 20, 30], { perMinute: 3 }), [GRANTED, GRANTED, GRANTED, WINDOW])
      t.strictSame(await outcomes(budgets, [WINDOW - 1, WINDOW], { perMinute: 3 }), [WINDOW, GRANTED])
      t.strictSame(await outcomes(budgets, [WINDOW, WINDOW + 10], { perMinute: 3 }), [WINDOW + 10, GRANTED])
      t.equal((await budgets.usage('alpha', START + WINDOW + 10)).minuteUsed, 3)
    },
  )

  guarantee(
    'tells, when the limit was lowered, when enough calls have left the minute',
    async (t, { store: { budgets } }) => {
      await outcomes(budgets, [0, 10, 20, 30], { perMinute: 4 })
      t.strictSame(await outcomes(budgets, [40, WINDOW + 20], { perMinute: 2 }), [WINDOW + 20, GRANTED])
    },
  )

  guarantee(
    'never lets more calls arrive in any 60 seconds than the limit, and grants when it said it would',
    async (t, { store }) => {
      let source = 0
      const steps = fc.array(fc.tuple(fc.nat(40_000), fc.nat(1_000)), { maxLength: 30 })
      await fc.assert(
        fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (steps, perMinute) => {
          const name = `source-${source++}`
          const granted: number[] = []
          const arrived: number[] = []
          let now = START
          for (const [step, delay] of steps) {
            now += step
            const isFree = granted.filter((at) => at > now - WINDOW).length < perMinute
            const answer = await store.budgets.reserve(name, now, { perMinute, perMonth: null })
            t.equal(answer.granted, isFree)
            if (answer.granted) {
              granted.push(now)
              arrived.push(now + delay)
            } else t.ok(answer.retryAt > now && answer.retryAt === (granted.at(-perMinute) ?? 0) + WINDOW)
          }
          for (const start of arrived) {
            t.ok(arrived.filter((at) => at >= start && at < start + MINUTE).length <= perMinute)
          }
        }),
        { numRuns: 25 },
      )
    },
  )

  guarantee(
    'grants calls up to the limit of a month in UTC, then says that the next one is free',
    async (t, { store }) => {
      const limits = { perMinute: 100, perMonth: 2 }
      const reserve = (time: string) => store.budgets.reserve('alpha', Date.parse(time), limits)
      await reserve('2026-12-01T00:00:00.000Z')
      await reserve('2026-12-20T00:00:00.000Z')
      const retryAt = Date.parse('2027-01-01T00:00:00.000Z')
      t.strictSame(await reserve('2026-12-31T23:59:59.999Z'), { granted: false, retryAt })
      t.strictSame(await reserve('2027-01-01T00:00:00.000Z'), { granted: true })
      t.equal((await store.budgets.usage('alpha', retryAt)).monthUsed, 1)
      t.strictSame(
        await reserve('2026-12-31T23:59:59.999Z'),
        { granted: false, retryAt },
        'a clock set back frees no month',
      )
    },
  )

  guarantee(
    'takes the credits of a call out of the month, and of the minute one call',
    async (t, { store: { budgets } }) => {
      const limits = { perMinute: 3, perMonth: 50 }
      const answers: boolean[] = []
      for (const credits of [25, 20, 6, 5]) {
        answers.push((await budgets.reserve('alpha', START, limits, credits)).granted)
      }
      t.strictSame(
        answers,
        [true, true, false, true],
        'one that the month has not left is refused, a smaller one is not',
      )
      t.strictSame(await budgets.usage('alpha', START), { minuteUsed: 3, monthUsed: 50, blockedUntil: null })
      const next = await budgets.reserve('alpha', START + WINDOW, limits)
      t.strictSame(next, { granted: false, retryAt: Date.parse('2026-02-01T00:00:00.000Z') })
    },
  )

  guarantee('counts no call that it did not grant', async (t, { store: { budgets } }) => {
    await outcomes(budgets, [0, 1, 2], { perMinute: 1 })
    await budgets.block('alpha', START + 500)
    await outcomes(budgets, [3, 4], { perMinute: 5 })
    t.match(await budgets.usage('alpha', START + 5), { minuteUsed: 1, monthUsed: 1 })
  })

  guarantee(
    'grants nothing before the time a source was blocked until; an earlier time changes nothing',
    async (t, { store }) => {
      const { budgets } = store
      await budgets.block('alpha', START + 500)
      await budgets.block('alpha', START + 100.5)
      t.equal((await budgets.usage('alpha', START)).blockedUntil, START + 500)
      t.strictSame(await outcomes(budgets, [0, 499], { perMinute: 3 }), [500, 500])
      t.equal((await budgets.usage('alpha', START + 500)).blockedUntil, null)
      t.strictSame(await outcomes(budgets, [500], { perMinute: 3 }), [GRANTED])
      await budgets.block('alpha', START + 900)
      t.strictSame(await outcomes(budgets, [501], { perMinute: 3 }), [900])
    },
  )

  guarantee('frees nothing when the clock is set back', async (t, { store: { budgets } }) => {
    const [second, hour] = [1_000, 3_600_000]
    await outcomes(budgets, [0, 0], { perMinute: 2 })
    t.strictSame(await outcomes(budgets, [-30 * second], { perMinute: 2 }), [WINDOW])
    t.equal((await budgets.usage('alpha', START - hour)).minuteUsed, 2)
    t.strictSame(await outcomes(budgets, [-hour], { perMinute: 2 }), [-hour + WINDOW])
  })

  guarantee(
    'is blocked for as long as a call counts at most by calls of a clock that was far ahead',
    async (t, { store: { budgets } }) => {
      const year = 365 * 86_400_000
      await outcomes(budgets, [year, year + 1, year + 2], { perMinute: 3 })
      t.strictSame(await outcomes(budgets, [0, WINDOW - 1], { perMinute: 3 }), [WINDOW, WINDOW])
      t.strictSame(await outcomes(budgets, [WINDOW], { perMinute: 3 }), [GRANTED])
    },
  )

  guarantee(
    'is blocked for a day at most by a time that a clock far ahead had set',
    async (t, { store: { budgets } }) => {
      await budgets.block('alpha', START + 365 * DAY)
      t.equal((await budgets.usage('alpha', START - 1)).blockedUntil, START - 1 + DAY)
      t.strictSame(await outcomes(budgets, [0, DAY - 1], { perMinute: 3 }), [DAY, DAY])
      t.equal((await budgets.usage('alpha', START + 1)).blockedUntil, START + DAY)
      t.strictSame(await outcomes(budgets, [DAY], { perMinute: 3 }), [GRANTED])
    },
  )

  guarantee('keeps a budget for each source', async (t, { store: { budgets } }) => {
    const limits = { perMinute: 1, perMonth: 1 }
    await budgets.reserve('alpha', START, limits)
    await budgets.block('alpha', START + 500)
    t.strictSame(await budgets.reserve('beta', START, limits), { granted: true })
    t.strictSame(await budgets.usage('gamma', START), { minuteUsed: 0, monthUsed: 0, blockedUntil: null })
  })

  guarantee('shares one budget between replicas and over restarts', async (t, { store, open }) => {
    const replicas = [store, await open(), await open()]
    const limits = { perMinute: 10, perMonth: 100 }
    const calls = replicas.flatMap(({ budgets }) =>
      Array.from({ length: 10 }, () => budgets.reserve('alpha', START, limits)),
    )
    t.equal((await Promise.all(calls)).filter(({ granted }) => granted).length, 10)
    await store.budgets.block('alpha', START + 500)
    for (const replica of replicas) await replica[Symbol.asyncDispose]()
    const { budgets } = await open()
    t.strictSame(await budgets.usage('alpha', START), { minuteUsed: 10, monthUsed: 10, blockedUntil: START + 500 })
  })
}

const START = Date.parse('2026-01-15T12:00:00.000Z')
const MINUTE = 60_000
const WINDOW = MINUTE + 1_000
const DAY = 86_400_000
const GRANTED = 'granted'

/** What a source is answered at each of the times; times are in ms from the start. */
async function outcomes(budgets: BudgetStore, times: number[], limits: Partial<CallLimits> & { perMinute: number }) {
  const answers: (number | typeof GRANTED)[] = []
  for (const time of times) {
    const answer = await budgets.reserve('alpha', START + time, { perMonth: null, ...limits })
    answers.push(answer.granted ? GRANTED : answer.retryAt - START)
  }
  return answers
}
