import type { HorizonScore, MarketRow } from '@crypto-signals/client'
import t from 'tap'
import { conditionText, figureNow, holdsNow } from '../../alerts/condition.ts'
import { en } from '../../language/en.ts'
import { createFigures } from '../../language/figures.ts'
import { ko } from '../../language/ko.ts'
import { type Draft, EMPTY, faultsOf, numberIn, offersOf, requestOf } from './draft.ts'
import { stepped } from './stepped.ts'

const opinion = (finalScore: number, more: Partial<HorizonScore> = {}): HorizonScore => ({
  finalScore,
  action: 'HOLD',
  confidence: 0.5,
  insufficientData: false,
  ...more,
})
const ROW: MarketRow = {
  coinId: 'bitcoin',
  symbol: 'btc',
  name: 'Bitcoin',
  rank: 1,
  priceUsd: 64_210.5,
  marketCapUsd: 1e12,
  volumeUsd24h: 1e10,
  changePct: { '1h': 0.5, '24h': -4, '7d': null, '30d': 12 },
  shape7d: null,
  source: 'coingecko',
  observedAt: '2026-01-01T00:00:00.000Z',
  signals: {
    primary: 'LONG_TERM',
    observedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    SCALPING: opinion(50, { insufficientData: true }),
    DAY_TRADING: opinion(90, { action: 'STRONG_BUY' }),
    SWING_TRADING: opinion(40),
    LONG_TERM: opinion(70, { action: 'BUY' }),
  },
}
const draft = (part: Partial<Draft>): Draft => ({ ...EMPTY, coinId: 'bitcoin', threshold: '1', ...part })

t.test('a number is read as people write it, and what is none is none', async (t) => {
  const read: [string, number | null][] = [
    ['70,000', 70_000],
    [' $64 210.50 ', 64_210.5],
    ['−5%', -5],
    ['-5', -5],
    ['.5', 0.5],
    ['1e5', 1e5],
    ['0', 0],
  ]
  for (const [text, value] of read) t.equal(numberIn(text), value, text)
  for (const text of ['', ' ', '$', 'abc', '1.2.3', '--1', 'Infinity', 'NaN']) t.equal(numberIn(text), null, text)
})

t.test('a draft is at fault without a coin, and with a threshold that the server would refuse', async (t) => {
  t.strictSame(faultsOf({ ...EMPTY, threshold: '1' }), { coin: 'coin' })
  t.strictSame(faultsOf(EMPTY), { coin: 'coin', threshold: 'number' })
  const faulty: [Draft['kind'], string][] = [
    ['price', '0'],
    ['price', '-1'],
    ['price', '1e16'],
    ['change', '-100.1'],
    ['change', '1000001'],
    ['score', '-1'],
    ['score', '100.5'],
  ]
  for (const [kind, threshold] of faulty)
    t.strictSame(faultsOf(draft({ kind, threshold })), { threshold: kind }, `${kind} ${threshold}`)
  for (const [kind, threshold] of [
    ['price', '1e15'],
    ['change', '-100'],
    ['score', '0'],
    ['score', '100'],
    ['action', ''],
    ['strong', 'abc'],
  ] as const)
    t.strictSame(faultsOf(draft({ kind, threshold })), {}, `${kind} ${threshold}`)
})

t.test('a draft asks for the alert that it shows, with nothing that its type does not take', async (t) => {
  t.strictSame(requestOf(draft({ threshold: '70,000', timeframe: 'LONG_TERM' })), {
    coinId: 'bitcoin',
    alertType: 'price_above',
    settings: { threshold: 70_000 },
  })
  t.strictSame(requestOf(draft({ kind: 'change', direction: 'below', timeframe: 'SWING_TRADING', cooldown: 'hour' })), {
    coinId: 'bitcoin',
    alertType: 'change_below',
    settings: { threshold: 1, timeframe: 'SWING_TRADING', cooldownMs: 3_600_000 },
  })
  t.strictSame(requestOf(draft({ kind: 'action' })), { coinId: 'bitcoin', alertType: 'action_changed', settings: {} })
  t.strictSame(requestOf(draft({ kind: 'strong', timeframe: 'SCALPING' })), {
    coinId: 'bitcoin',
    alertType: 'strong_signal',
    settings: { timeframe: 'SCALPING' },
  })
})

t.test('what is said of a condition fits its direction', async (t) => {
  for (const { alerts } of [en, ko])
    for (const kind of ['price', 'change', 'score'] as const)
      t.not(alerts.kindWhy[`${kind}_above`], alerts.kindWhy[`${kind}_below`])
  t.match(ko.alerts.kindWhy.price_below, /내려가면/)
})

t.test('the first step by an arrow key leads to an end of the list, the others round it', async (t) => {
  t.strictSame([stepped(null, 1, 3), stepped(null, -1, 3)], [0, 2])
  t.strictSame([stepped(0, 1, 3), stepped(2, 1, 3), stepped(0, -1, 3)], [1, 0, 2])
})

t.test('offered thresholds can be sent as they are, however small the price', async (t) => {
  for (const priceUsd of [64_210.5, 1, 3.1234e-11]) {
    const offers = offersOf(draft({}), { ...ROW, priceUsd })
    t.equal(offers.length, 4)
    for (const { threshold, direction } of offers) {
      t.strictSame(faultsOf(draft({ threshold })), {})
      t.notMatch(threshold, /e/)
      t.equal(Number(threshold) > priceUsd, direction === 'above')
    }
  }
  t.strictSame(offersOf(draft({}), { ...ROW, priceUsd: null }), [])
  t.strictSame(offersOf(draft({}), undefined), [])
})

t.test('what an alert waits for is told to the last digit, in both languages', async (t) => {
  const text = (alertType: string, settings: object, words = en) =>
    conditionText({ alertType, settings }, words, createFigures(words === en ? 'en' : 'ko'))
  t.equal(text('price_above', { threshold: 64_210.55 }), 'Price at $64,210.55 or above')
  t.equal(text('price_below', { threshold: 0.00000012 }), 'Price at $0.00000012 or below')
  t.equal(text('change_below', { threshold: -7.25 }), 'Change over 24 hours at -7.25% or below')
  t.equal(text('score_above', { threshold: 80.5, timeframe: 'LONG_TERM' }), 'Long term score at 80.5 or above')
  t.equal(text('score_above', { threshold: 80 }), 'Highest-confidence score at 80 or above')
  t.equal(text('price_above', { threshold: 64_210.55 }, ko), '가격 $64,210.55 이상')
  t.equal(text('change_below', { threshold: -7.25, timeframe: 'SWING_TRADING' }, ko), '7일 변동률 -7.25% 이하')
  for (const words of [en, ko]) t.equal(text('<b>new</b>', {}, words), '<b>new</b>', 'a type of a newer server')
})

t.test('what holds already is known, and what is not known does not hold', async (t) => {
  const holds = (alertType: string, settings: object, row: MarketRow | undefined = ROW) =>
    holdsNow({ alertType, settings }, row)
  t.ok(holds('price_above', { threshold: 64_210.5 }), 'the threshold itself counts')
  t.notOk(holds('price_above', { threshold: 64_210.51 }))
  t.ok(holds('change_below', { threshold: -4 }))
  t.notOk(holds('change_below', { threshold: -4, timeframe: 'SWING_TRADING' }), 'an unknown change')
  t.ok(holds('score_above', { threshold: 70 }), 'without a horizon, the surest')
  t.notOk(holds('score_below', { threshold: 60, timeframe: 'SCALPING' }), 'too little data')
  t.ok(holds('strong_signal', { timeframe: 'DAY_TRADING' }))
  t.notOk(holds('strong_signal', {}))
  t.notOk(holds('action_changed', {}))
  t.notOk(holdsNow({ alertType: 'price_above', settings: { threshold: 1 } }, undefined))
  t.equal(figureNow({ alertType: 'change_above', settings: { timeframe: 'LONG_TERM' } }, ROW), 12)
})
