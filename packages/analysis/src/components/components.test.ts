import { CHANGE_SPANS, TIMEFRAMES } from '@crypto-signals/contracts'
import * as fc from 'fast-check'
import t from 'tap'
import { changeArbitrary, changesOf } from '../../test/quotes.ts'
import { calculatePriceScore, priceComponent } from './price.ts'
import { standingComponent } from './standing.ts'
import { MIN_POINTS, readTechnicals, technicalComponent } from './technical.ts'
import { calculateVolumeScore, volumeComponent } from './volume.ts'

const RISE = { '1h': 5, '24h': 10, '7d': 15, '30d': 20 }
const FALL = { '1h': -5, '24h': -10, '7d': -15, '30d': -20 }
const HORIZONS = [undefined, ...TIMEFRAMES]

t.test('momentum of a broad rise is above 70 and of its mirror below 30, on every horizon', async (t) => {
  for (const horizon of HORIZONS) {
    const [rise, fall] = [calculatePriceScore(RISE, horizon) ?? 50, calculatePriceScore(FALL, horizon) ?? 50]
    t.ok(rise > 70, `${horizon} up: ${rise}`)
    t.ok(fall < 30, `${horizon} down: ${fall}`)
    t.ok(Math.abs(rise + fall - 100) < 1e-9, 'rise and fall mirror each other')
  }
})

t.test('momentum is 50 when nothing moved and unknown when no span of the horizon is known', async (t) => {
  t.equal(calculatePriceScore({ '24h': 0 }), 50)
  t.equal(calculatePriceScore({}), null)
  t.equal(calculatePriceScore({ '1h': null, '24h': Number.NaN }), null)
  t.equal(calculatePriceScore({ '1h': 5 }, 'LONG_TERM'), null)
  t.equal(calculatePriceScore({ '1y': 5 }, 'SCALPING'), null)
})

t.test('momentum never falls when a change rises', async (t) => {
  const span = fc.constantFrom(...CHANGE_SPANS)
  const others = fc.dictionary(span, changeArbitrary)
  const changes = fc.tuple(changeArbitrary, changeArbitrary)
  fc.assert(
    fc.property(others, span, changes, fc.constantFrom(...HORIZONS), (known, name, pair, horizon) => {
      const scoreAt = (change: number) => calculatePriceScore({ ...known, [name]: change }, horizon) ?? 0
      return scoreAt(Math.min(...pair)) <= scoreAt(Math.max(...pair))
    }),
  )
  t.pass()
})

t.test('momentum is told with its own figures', async (t) => {
  const why = (changes: Parameters<typeof changesOf>[0]) => priceComponent(changesOf(changes), 'DAY_TRADING').why
  t.equal(why({ '1h': 5, '24h': 10.24, '30d': 3 }), 'Up 5.0 % in 1h, 10.2 % in 24h')
  t.equal(why({ '1h': -0.04, '24h': 10, '7d': -1e12 }), 'Flat in 1h, up 10.0 % in 24h, down 1.0T % in 7d')
  t.equal(why({ '1y': 5 }), 'Change over 1h, 24h, 7d unknown')
})

t.test('volume of 60 % of the market cap scores exactly 90, more no more, and 3 % exactly 50', async (t) => {
  t.equal(calculateVolumeScore({ marketCapUsd: 1e9, volumeUsd24h: 6e8 }), 90)
  t.equal(calculateVolumeScore({ marketCapUsd: 1, volumeUsd24h: 1e30 }), 90)
  t.equal(calculateVolumeScore({ marketCapUsd: 1e9, volumeUsd24h: 3e7 }), 50)
  t.equal(calculateVolumeScore({ marketCapUsd: 1e9, volumeUsd24h: 0 }), 0)
})

t.test('volume is unknown without a market cap or a volume', async (t) => {
  for (const marketCapUsd of [null, 0]) t.equal(calculateVolumeScore({ marketCapUsd, volumeUsd24h: 1e6 }), null)
  t.equal(calculateVolumeScore({ marketCapUsd: 1e9, volumeUsd24h: null }), null)
})

t.test('volume never scores lower when more is traded', async (t) => {
  const volume = fc.double({ min: 0, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(volume, volume, (a, b) => {
      const scoreOf = (volumeUsd24h: number) => calculateVolumeScore({ marketCapUsd: 1e9, volumeUsd24h }) ?? Number.NaN
      return scoreOf(Math.min(a, b)) <= scoreOf(Math.max(a, b))
    }),
  )
  t.pass()
})

t.test('volume takes the side of the move, and none without one', async (t) => {
  const busy = { marketCapUsd: 1e9, volumeUsd24h: 6e8 }
  t.equal(volumeComponent(busy, 100).score, 95)
  t.equal(volumeComponent(busy, 0).score, 5)
  t.equal(volumeComponent(busy, 50).score, 50)
  t.equal(volumeComponent({ ...busy, volumeUsd24h: 0 }, 100).score, 50)
  t.equal(volumeComponent(busy, null).score, null)
  t.equal(volumeComponent(busy, 80).why, 'Traded $600.0M in 24h, 60.0 % of market cap: strongly confirms the rise')
})

t.test(
  'standing falls with the rank, is neutral at rank 100 and takes the market cap where there is no rank',
  async (t) => {
    const scoreOf = (marketCapRank: number | null, marketCapUsd: number | null) =>
      standingComponent({ marketCapRank, marketCapUsd }).score
    t.equal(scoreOf(1, 1e12), 80)
    t.equal(scoreOf(100, null), 50)
    t.ok((scoreOf(10_000, null) ?? 99) < (scoreOf(1_000, null) ?? 0))
    t.equal(scoreOf(null, 6e8), 50)
    t.ok((scoreOf(null, 1e5) ?? 99) < (scoreOf(null, 1e8) ?? 0))
    t.equal(scoreOf(null, 0), null)
    t.equal(scoreOf(null, null), null)
  },
)

const flat = (length: number, price: number) => Array.from({ length }, () => price)
const wave = (length: number, slopePct: number) =>
  Array.from({ length }, (_, i) => (1 + slopePct / 100) ** i * (1 + 0.002 * Math.sin(i)))

t.test('the technical component follows a trend on long horizons and doubts it on short ones', async (t) => {
  const [rise, fall] = [readTechnicals(wave(168, 0.3)), readTechnicals(wave(168, -0.3))]
  const scoreOf = (technicals: typeof rise, horizon: (typeof TIMEFRAMES)[number]) =>
    technicalComponent(technicals, horizon).score ?? 50
  t.ok(scoreOf(rise, 'LONG_TERM') > 70)
  t.ok(scoreOf(fall, 'LONG_TERM') < 30)
  t.ok(scoreOf(rise, 'SCALPING') < scoreOf(rise, 'SWING_TRADING'))
  t.match(
    rise.why,
    /^RSI \d+( \(overbought\))?, MACD (above|below) its signal, price \d+\.\d % above its 50-hour average/,
  )
})

t.test(
  'the technical component is neutral on a flat series and unknown on a short one, however small the prices',
  async (t) => {
    for (const price of [Number.MIN_VALUE, 1e-30, 0.1 + 0.2, 1e30]) {
      const technicals = readTechnicals(flat(MIN_POINTS, price))
      for (const horizon of TIMEFRAMES) t.equal(technicalComponent(technicals, horizon).score, 50)
      t.equal(technicals.why, 'RSI 50, MACD at its signal, price at its 20-hour average')
      t.equal(readTechnicals(flat(MIN_POINTS - 1, price)).votes, null)
    }
    t.equal(readTechnicals([...flat(200, 0), 1, 1]).why, 'Sparkline has 2 usable points, 35 needed')
    t.equal(readTechnicals(null).why, 'No sparkline')
    const crash = readTechnicals([1e30, ...flat(399, Number.MIN_VALUE)])
    for (const horizon of TIMEFRAMES) t.ok(Number.isFinite(technicalComponent(crash, horizon).score))
  },
)

t.test('the technical component does not depend on the unit of the prices', async (t) => {
  const series = wave(120, 0.1)
  const scaled = series.map((price) => price * 1e-20)
  for (const [name, vote] of Object.entries(readTechnicals(series).votes ?? {})) {
    const other = readTechnicals(scaled).votes?.[name as 'rsi']
    t.ok(Math.abs((vote ?? 9) - (other ?? 99)) < 1e-9, name)
  }
})
