import {
  type Action,
  type AlertSettings,
  type AlertType,
  type ScoredCoin,
  TIMEFRAMES,
  type TriggeredAlert,
} from '@crypto-signals/contracts'
import type { AlertRecord } from '@crypto-signals/store'
import { scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { evaluate } from './evaluate.ts'
import { newRecord } from './new-record.ts'
import { triggerIdOf } from './trigger-id.ts'

const ALERT_ID = '0196a000-0000-7000-8000-000000000001'
const START = Date.parse('2026-01-01T00:00:00.000Z')

/** The minute-th observation of Bitcoin. */
const at = (minute: number, what: Parameters<typeof scoredCoinOf>[0] = {}) => {
  const instant = new Date(START + minute * 60_000).toISOString()
  return scoredCoinOf({ observedAt: instant, updatedAt: instant, ...what })
}

const ruleOf = (alertType: AlertType, settings: AlertSettings = {}, known: ScoredCoin | null = null) =>
  newRecord(ALERT_ID, { coinId: 'bitcoin', alertType, settings }, new Date(START).toISOString(), known)

function run(start: AlertRecord, tape: readonly ScoredCoin[]) {
  let record = start
  const firings: TriggeredAlert[] = []
  for (const coin of tape) {
    const result = evaluate(record, coin)
    if (result === null) continue
    record = result.record
    if (result.trigger !== null) firings.push(result.trigger)
  }
  return { record, firings }
}

const minutesOf = (firings: readonly TriggeredAlert[]) =>
  firings.map(({ evidence }) => (Date.parse(evidence.observedAt) - START) / 60_000)

const scored = (finalScore: number) => ({ finalScore })
const ignorant = { insufficientData: true, recommendation: { action: 'HOLD' as const, confidence: 0 } }

const CASES: { type: AlertType; settings: AlertSettings; no: object; border: object; yes: object; unknown: object }[] =
  [
    {
      type: 'price_above',
      settings: { threshold: 100 },
      no: { price: 99.99 },
      border: { price: 100 },
      yes: { price: 101 },
      unknown: { price: null },
    },
    {
      type: 'price_below',
      settings: { threshold: 100 },
      no: { price: 100.01 },
      border: { price: 100 },
      yes: { price: 0 },
      unknown: { price: null },
    },
    {
      type: 'change_above',
      settings: { threshold: 5 },
      no: { changePct: { '24h': 4.9, '1h': 9 } },
      border: { changePct: { '24h': 5 } },
      yes: { changePct: { '24h': 60 } },
      unknown: { changePct: { '24h': null, '1h': 9 } },
    },
    {
      type: 'change_below',
      settings: { threshold: -5, timeframe: 'SWING_TRADING' },
      no: { changePct: { '7d': -4.9, '24h': -9 } },
      border: { changePct: { '7d': -5 } },
      yes: { changePct: { '7d': -60 } },
      unknown: { changePct: { '7d': null, '24h': -9 } },
    },
    {
      type: 'score_above',
      settings: { threshold: 70 },
      no: scored(69.9),
      border: scored(70),
      yes: scored(99),
      unknown: { finalScore: 99, ...ignorant },
    },
    {
      type: 'score_below',
      settings: { threshold: 30, timeframe: 'LONG_TERM' },
      no: { finalScore: 10, on: { LONG_TERM: scored(30.1) } },
      border: { finalScore: 90, on: { LONG_TERM: scored(30) } },
      yes: { finalScore: 90, on: { LONG_TERM: scored(1) } },
      unknown: { finalScore: 10, on: { LONG_TERM: { finalScore: 1, ...ignorant } } },
    },
    {
      type: 'strong_signal',
      settings: {},
      no: scored(79.9),
      border: scored(80),
      yes: scored(5),
      unknown: { finalScore: 95, ...ignorant },
    },
  ]

for (const { type, settings, no, border, yes, unknown } of CASES) {
  t.test(`${type} fires once when its condition comes to hold and again only after it did not hold`, async (t) => {
    const { firings, record } = run(ruleOf(type, settings), [
      at(1, no),
      at(2, yes),
      at(3, border),
      at(4, no),
      at(5, no),
      at(6, border),
      at(7, yes),
    ])
    t.same(minutesOf(firings), [2, 6])
    t.match(record.alert, { isTriggered: true, triggerCount: 2, triggeredAt: '2026-01-01T00:06:00.000Z' })
    t.match(record, { version: 5, seen: { observedAt: '2026-01-01T00:06:00.000Z' } })
  })

  t.test(`${type} fires at once when its condition holds already`, async (t) => {
    t.same(minutesOf(run(ruleOf(type, settings), [at(1, border), at(2, yes)]).firings), [1])
  })

  t.test(`${type} neither fires nor is armed again by an observation that does not know`, async (t) => {
    const armed = evaluate(ruleOf(type, settings), at(1, unknown))
    t.match(armed, { record: { alert: { isTriggered: false } }, trigger: null })
    t.equal(evaluate(armed?.record as AlertRecord, at(2, unknown)), null)
    const { firings, record } = run(ruleOf(type, settings), [at(1, yes), at(2, unknown), at(3, yes)])
    t.same(minutesOf(firings), [1])
    t.equal(record.alert.isTriggered, true)
  })
}

t.test(
  'the first observation is remembered whatever comes of it: nothing older can move the rule any more',
  async (t) => {
    for (const type of ['price_above', 'action_changed'] as const) {
      for (const first of [
        { price: 99, ...scored(50) },
        { price: null, ...ignorant },
      ]) {
        const { record, firings } = run(ruleOf(type, { threshold: 100 }), [
          at(2, first),
          at(1, { price: 101, ...scored(90) }),
        ])
        t.same(firings, [])
        t.match(record, { version: 2, seen: { observedAt: '2026-01-01T00:02:00.000Z' }, alert: { isTriggered: false } })
      }
    }
  },
)

t.test('a change is that of the span its timeframe stands for', async (t) => {
  const spans = { SCALPING: '1h', DAY_TRADING: '24h', SWING_TRADING: '7d', LONG_TERM: '30d' } as const
  for (const timeframe of TIMEFRAMES) {
    const rule = ruleOf('change_above', { threshold: 50, timeframe })
    t.ok(evaluate(rule, at(1, { changePct: { [spans[timeframe]]: 50 } }))?.trigger, timeframe)
    const others = Object.values(spans).filter((span) => span !== spans[timeframe])
    const elsewhere = at(1, { changePct: Object.fromEntries(others.map((span) => [span, 99])) })
    t.match(evaluate(rule, elsewhere), { trigger: null }, timeframe)
  }
})

t.test('without a timeframe a score is that of the most confident horizon, with one that of the horizon', async (t) => {
  const coin = at(1, { finalScore: 50, on: { SWING_TRADING: { finalScore: 90, recommendation: { confidence: 0.9 } } } })
  t.match(evaluate(ruleOf('score_above', { threshold: 80 }), coin), { trigger: { evidence: { score: 90 } } })
  t.match(evaluate(ruleOf('score_above', { threshold: 80, timeframe: 'SCALPING' }), coin), { trigger: null })
})

t.test('a firing tells the rule and what was seen, all of one observation', async (t) => {
  const coin = at(3, { price: 123, finalScore: 64 })
  const settings = { threshold: 100, cooldownMs: 5 }
  t.same(evaluate(ruleOf('price_above', settings), coin)?.trigger, {
    triggerId: triggerIdOf(ALERT_ID, 1),
    alertId: ALERT_ID,
    sequence: 1,
    coinId: 'bitcoin',
    alertType: 'price_above',
    settings,
    isTriggered: true,
    triggeredAt: '2026-01-01T00:03:00.000Z',
    evidence: { price: 123, score: 64, observedAt: '2026-01-01T00:03:00.000Z' },
  })
  const unscored = evaluate(ruleOf('price_above', settings), at(3, { price: 123, ...ignorant }))
  t.equal(unscored?.trigger?.evidence.score, null, 'a score without data is no evidence')
})

t.test('a rule that fires on an older observation fired when it was set', async (t) => {
  const { trigger } = evaluate(ruleOf('price_above', { threshold: 1 }), at(-5)) ?? {}
  t.equal(trigger?.triggeredAt, '2026-01-01T00:00:00.000Z')
  t.equal(trigger?.evidence.observedAt, '2025-12-31T23:55:00.000Z')
})

t.test(
  'action_changed fires at each action that is not the last one told, beginning with the one at creation',
  async (t) => {
    const tape = [60, 65, 85, 79, 50, 50].map((score, index) => at(index + 1, scored(score)))
    t.same(minutesOf(run(ruleOf('action_changed', {}, at(0, scored(61))), tape).firings), [3, 4, 5])
    t.same(minutesOf(run(ruleOf('action_changed', {}, at(0, scored(50))), tape).firings), [1, 3, 4, 5])
  },
)

t.test('action_changed without an action at creation only remembers the first one it sees', async (t) => {
  for (const known of [null, at(0, ignorant)]) {
    const rule = ruleOf('action_changed', {}, known)
    t.match(rule, { lastAction: null, seen: null })
    const { firings, record } = run(rule, [at(1, ignorant), at(2, scored(50)), at(3, ignorant), at(4, scored(60))])
    t.same(minutesOf(firings), [4])
    t.match(record, { lastAction: 'BUY', alert: { isTriggered: true, triggerCount: 1 } })
  }
})

t.test('nothing fires within the cooldown, and what still holds after it does', async (t) => {
  const rule = ruleOf('price_above', { threshold: 100, cooldownMs: 5 * 60_000 })
  const prices = [100, 99, 101, 101, 101, 101, 101, 99, 101, 99, 99, 100]
  const tape = prices.map((price, index) => at(index + 1, { price }))
  t.same(minutesOf(run(rule, tape).firings), [1, 6, 12])

  const follower = ruleOf('action_changed', { cooldownMs: 5 * 60_000 }, at(0, scored(50)))
  const scores = [60, 80, 60, 80, 50, 50, 50]
  t.same(
    minutesOf(
      run(
        follower,
        scores.map((score, index) => at(index + 1, scored(score))),
      ).firings,
    ),
    [1, 6],
  )
})

t.test('without a cooldown a rule set later than its observations still fires at every crossing', async (t) => {
  const tape = [101, 99, 101].map((price, index) => at(index - 10, { price }))
  t.same(minutesOf(run(ruleOf('price_above', { threshold: 100 }), tape).firings), [-10, -8])
})

t.test('the id of a firing is the UUID version 5 of its sequence in the namespace of its alert', async (t) => {
  // RFC 9562, appendix A.4: www.example.com in the DNS namespace.
  const dns = triggerIdOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com' as unknown as number)
  t.equal(dns, '2ed6657d-e927-568b-95e1-2665a8aea6a2')
  const ids = Array.from({ length: 1000 }, (_, index) => triggerIdOf(ALERT_ID, index + 1))
  t.equal(new Set(ids).size, 1000)
})

const tapes = fc
  .array(
    fc.record({
      price: fc.option(fc.integer({ min: 97, max: 103 })),
      finalScore: fc.constantFrom(10, 30, 50, 70, 90),
      insufficientData: fc.boolean(),
      minutes: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let minute = 0
    return steps.map(({ minutes, insufficientData, ...what }) => {
      minute += minutes
      return at(minute, { ...what, ...(insufficientData ? ignorant : {}) })
    })
  })

const rules = fc.record({
  alertType: fc.constantFrom<AlertType>('price_above', 'price_below', 'score_above', 'strong_signal', 'action_changed'),
  threshold: fc.constantFrom(50, 100),
  cooldownMs: fc.constantFrom(0, 60_000, 300_000),
})

/** What should fire, told in the plainest way: which observations, by index. */
function reference(type: AlertType, { threshold = 0, cooldownMs = 0 }: AlertSettings, tape: readonly ScoredCoin[]) {
  const fired: number[] = []
  let armed = true
  let told: Action | undefined
  let newest = ''
  let lastFiring = Number.NEGATIVE_INFINITY
  for (const [index, { signals }] of tape.entries()) {
    const [{ price, finalScore, insufficientData, recommendation, updatedAt }] = signals as [ScoredCoin['signals'][0]]
    if (updatedAt <= newest) continue
    if (newest === '') newest = updatedAt
    const now = Date.parse(updatedAt)
    const scoreType = !type.startsWith('price')
    if (scoreType ? insufficientData : price === null) continue
    if (type === 'action_changed') {
      if (told === undefined || (recommendation.action !== told && now - lastFiring >= cooldownMs)) {
        if (told !== undefined) fired.push(index)
        if (told !== undefined) lastFiring = now
        told = recommendation.action
        newest = updatedAt
      }
      continue
    }
    const value = scoreType ? finalScore : (price as number)
    const holds =
      type === 'strong_signal'
        ? Math.abs(value - 50) >= 30
        : type === 'price_below'
          ? value <= threshold
          : value >= threshold
    if (!holds && !armed) [armed, newest] = [true, updatedAt]
    else if (holds && armed && now - lastFiring >= cooldownMs) {
      ;[armed, newest, lastFiring] = [false, updatedAt, now]
      fired.push(index)
    }
  }
  return fired.map((index) => tape[index]?.signals[0]?.observedAt)
}

t.test('on any walk of the market exactly those firings happen that the rule promises', async () => {
  fc.assert(
    fc.property(rules, tapes, ({ alertType, ...settings }, tape) => {
      const { firings, record } = run(ruleOf(alertType, settings), tape)
      const observed = firings.map(({ evidence }) => evidence.observedAt)
      t.strictSame(observed, reference(alertType, settings, tape))
      t.strictSame(
        firings.map(({ sequence }) => sequence),
        observed.map((_, index) => index + 1),
      )
      t.equal(record.alert.triggerCount, firings.length)
    }),
    { numRuns: 300 },
  )
})

t.test('what was seen before changes nothing when it comes again, wherever and however often', async (t) => {
  fc.assert(
    fc.property(rules, tapes, fc.infiniteStream(fc.nat()), ({ alertType, ...settings }, tape, picks) => {
      const repeated = tape.flatMap((coin, index) => {
        const again = [...picks.take(2)].map((pick) => tape[pick % (index + 1)] as ScoredCoin)
        return [coin, ...again]
      })
      const once = run(ruleOf(alertType, settings), tape)
      t.strictSame(run(ruleOf(alertType, settings), repeated), once)
      t.strictSame(run(ruleOf(alertType, settings), [...tape, ...tape]), once)
    }),
    { numRuns: 300 },
  )
})
