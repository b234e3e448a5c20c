import * as fc from 'fast-check'
import t from 'tap'
import { START } from '../../test/sightings.ts'
import type { Before } from './dispute.ts'
import { choosePrice, freshPrices, isOutlier, PRICE_FRESH_MS } from './price-choice.ts'
import type { SaidPrice } from './said-price.ts'

const MINUTE_MS = 60_000

const saidOf = (
  name: string,
  priceUsd: number,
  overrides: Partial<SaidPrice> & { derivedFrom?: string } = {},
): SaidPrice => {
  const { derivedFrom = null, ...rest } = overrides
  return {
    source: { name, kind: 'aggregator', derivedFrom },
    priceUsd,
    volumeUsd24h: Number.NaN,
    convertedFrom: null,
    observedAtMs: START,
    ...rest,
  }
}

const chosen = (said: readonly SaidPrice[]) => choosePrice(freshPrices(said))

const price = fc.oneof(
  fc.double({ min: 0, max: 1e30, noNaN: true }),
  fc.constantFrom(0, 1, 1.02, 1.04, 100, Number.MIN_VALUE),
)
const moment = fc
  .oneof(fc.integer({ min: 0, max: 90 * MINUTE_MS }), fc.constantFrom(0, 1, PRICE_FRESH_MS))
  .map((ms) => START + ms)
const source = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  kind: fc.constantFrom('aggregator' as const, 'exchange' as const, 'dex' as const),
  derivedFrom: fc.option(fc.constantFrom('a', 'b'), { nil: null }),
})
const said: fc.Arbitrary<SaidPrice> = fc.record({
  source,
  priceUsd: price,
  volumeUsd24h: fc.constantFrom(Number.NaN, 0, 999, 1_000, 1e9),
  convertedFrom: fc.constantFrom(null, 'USDT', 'KRW'),
  observedAtMs: moment,
})
const market = fc.uniqueArray(said, { selector: ({ source }) => source.name, maxLength: 7 })
/** A market, and the same in another order. */
const shuffled = market.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))

t.test('chooses what somebody said, whatever was said, and no order of arrival changes the choice', async (t) => {
  fc.assert(
    fc.property(shuffled, ([all, reordered]) => {
      const choice = chosen(all)
      if (choice === null ? all.length > 0 : !all.includes(choice)) throw new Error('nobody said that')
      if (chosen(reordered) !== choice) throw new Error('the order of arrival told')
    }),
    { numRuns: 5_000 },
  )
  t.pass('5,000 markets')
})

t.test(
  'a source that is alone is believed in everything, also with others that take their prices from it',
  async (t) => {
    const one = fc.uniqueArray(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c', 'd'), price, moment)
        .map(([name, priceUsd, observedAtMs]) =>
          saidOf(name, priceUsd, { observedAtMs, ...(name === 'a' ? {} : { derivedFrom: 'a' }) }),
        ),
      { selector: ({ source }) => source.name, minLength: 1 },
    )
    fc.assert(
      fc.property(one, (all) => {
        const newest = Math.max(...all.map(({ observedAtMs }) => observedAtMs))
        return chosen(all)?.observedAtMs === newest && all.every((price) => !isOutlier(price, freshPrices(all)))
      }),
      { numRuns: 2_000 },
    )
    t.pass('2,000 markets')
  },
)

t.test(
  'liars never set the price where at least as many, and two, independent sources agree, whenever they speak',
  async (t) => {
    const lies = [0, 0.01, 0.3, 0.55, 1.6, 2.5, 10, 1e6]
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const ages = fc.array(fc.integer({ min: 0, max: PRICE_FRESH_MS }), { minLength: 8, maxLength: 8 })
    const noise = fc.array(fc.double({ min: 0.995, max: 1.005, noNaN: true }), { minLength: 8, maxLength: 8 })
    const mixed = fc
      .record({
        names: fc.shuffledSubarray(names, { minLength: 8 }),
        ages,
        noise,
        level: fc.double({ min: 1e-12, max: 1e20, noNaN: true }),
        honest: fc.integer({ min: 2, max: 4 }),
        lies: fc.shuffledSubarray(lies, { minLength: 1, maxLength: 4 }),
      })
      .map(({ names, ages, noise, level, honest, lies }) => {
        const at = (index: number) => ({ observedAtMs: START - (ages[index] ?? 0) })
        const truth = noise.slice(0, honest).map((factor, i) => saidOf(names[i] ?? '', level * factor, at(i)))
        const lied = lies
          .slice(0, honest)
          .map((factor, i) => saidOf(names[honest + i] ?? '', level * factor, at(honest + i)))
        return { truth, all: [...lied, ...truth] }
      })
    fc.assert(
      fc.property(mixed, ({ truth, all }) => truth.includes(chosen(all) as SaidPrice)),
      { numRuns: 5_000 },
    )
    t.pass('5,000 markets')
  },
)

t.test(
  '3 % apart is as good as the same; further off, one against two is held back, and two against two are not',
  async (t) => {
    const [a, b] = [saidOf('a', 100), saidOf('b', 100.2)]
    const later = { observedAtMs: START + 1_000 }
    t.equal(chosen([a, b, saidOf('c', 102.9, later)])?.priceUsd, 102.9)
    t.equal(chosen([a, b, saidOf('c', 104, later)])?.priceUsd, 100)
    t.equal(chosen([a, b, saidOf('c', 96, later)])?.priceUsd, 100)
    t.equal(chosen([a, b, saidOf('c', 104, later), saidOf('d', 104)])?.priceUsd, 104)
    t.equal(chosen([a, saidOf('c', 104, later)])?.priceUsd, 104, 'one alone proves nothing against another')
    t.notOk(isOutlier(saidOf('c', 104), [a, saidOf('c', 104)]))
  },
)

t.test('sources that are at odds with each other prove nothing against a third', async (t) => {
  const odd = [saidOf('a', 100), saidOf('b', 108), saidOf('c', 120, { observedAtMs: START + 1_000 })]
  t.equal(chosen(odd)?.priceUsd, 120)
})

t.test('sources that take their prices from one have one voice together', async (t) => {
  const echoes = [saidOf('a', 100), saidOf('b', 100, { derivedFrom: 'a' }), saidOf('c', 100, { derivedFrom: 'a' })]
  const other = saidOf('d', 200, { observedAtMs: START + 1 })
  t.equal(chosen([...echoes, other])?.priceUsd, 200)
  t.equal(chosen([...echoes, saidOf('e', 100), other])?.priceUsd, 100)
})

t.test('the longer ago the others spoke, the further a price may have moved since', async (t) => {
  const others = [saidOf('a', 100), saidOf('b', 100)]
  const after = (minutes: number, priceUsd: number) =>
    chosen([...others, saidOf('c', priceUsd, { observedAtMs: START + minutes * MINUTE_MS })])?.priceUsd
  t.equal(after(1, 104), 100)
  t.equal(after(10, 111), 111)
  t.equal(after(10, 113), 100)
  t.equal(after(31, 1_000), 1_000, 'what is half an hour older than the newest speaks of the past')
})

t.test('a price that was said by another long ago is not confirmed by it', async (t) => {
  const now = { observedAtMs: START + 6 * MINUTE_MS }
  const crashed = [
    saidOf('a', 100, now),
    saidOf('b', 100, now),
    saidOf('c', 200, { observedAtMs: now.observedAtMs + 1 }),
    saidOf('d', 200),
  ]
  t.equal(chosen(crashed)?.priceUsd, 100)
})

t.test(
  'a pair with less than $1,000 a day sets the price only where nothing else is fresh, and is no witness',
  async (t) => {
    const thin = (name: string, priceUsd: number, volumeUsd24h: number): SaidPrice => ({
      ...saidOf(name, priceUsd, { volumeUsd24h, observedAtMs: START + 1_000 }),
      source: { name, kind: 'exchange', derivedFrom: null },
    })
    t.equal(chosen([saidOf('a', 100), thin('b', 101, 999)])?.priceUsd, 100)
    t.equal(chosen([saidOf('a', 100), thin('b', 101, 1_000)])?.priceUsd, 101)
    t.equal(chosen([saidOf('a', 100), thin('b', 101, Number.NaN)])?.priceUsd, 101, 'nobody knows how thin')
    t.equal(chosen([thin('b', 101, 0)])?.priceUsd, 101)
    const small = saidOf('b', 101, { volumeUsd24h: 5, observedAtMs: START + 1 })
    t.equal(chosen([saidOf('a', 100), small])?.priceUsd, 101, 'an aggregator tells what is traded everywhere')
    t.equal(chosen([saidOf('a', 100, { observedAtMs: START - PRICE_FRESH_MS }), thin('b', 101, 999)])?.priceUsd, 101)
    t.equal(chosen([thin('b', 100, 0), thin('c', 100, 0), saidOf('a', 200)])?.priceUsd, 200)
  },
)

t.test('prices of nothing are prices', async (t) => {
  t.equal(chosen([saidOf('a', 0), saidOf('b', 0), saidOf('c', 1, { observedAtMs: START + 1 })])?.priceUsd, 0)
})

/** What an exchange says of a pair with so much traded a day. */
const pairOf = (
  name: string,
  priceUsd: number,
  volumeUsd24h: number,
  overrides: Partial<SaidPrice> = {},
): SaidPrice => ({
  ...saidOf(name, priceUsd, { volumeUsd24h, ...overrides }),
  source: { name, kind: 'exchange', derivedFrom: null },
})

const beforeOf = (price: SaidPrice, overrides: Partial<Before> = {}): Before => ({
  price,
  switchedAtMs: Number.NEGATIVE_INFINITY,
  nowMs: START,
  ...overrides,
})

/** Which of two is chosen, whichever is the fresher. */
function settledBy(a: SaidPrice, b: SaidPrice, before: Before | null = null): string | undefined {
  const names = [
    [a, { ...b, observedAtMs: a.observedAtMs + 1 }],
    [{ ...a, observedAtMs: b.observedAtMs + 1 }, b],
  ].map((said) => choosePrice(freshPrices(said), before)?.source.name)
  return names[0] === names[1] ? names[0] : 'the fresher'
}

t.test('of two that are more than 10 % apart the weightier is believed, whatever was before', async (t) => {
  const big = pairOf('big', 100, 1e6)
  for (const before of [null, beforeOf(saidOf('x', 100)), beforeOf(saidOf('x', 150))]) {
    t.equal(settledBy(big, pairOf('small', 150, 1e5), before), 'big')
    t.equal(settledBy(pairOf('small', 150, 1e5), big, before), 'big')
    t.equal(settledBy(saidOf('agg', 100), pairOf('small', 150, 49_999), before), 'agg')
    t.equal(settledBy(saidOf('agg', 150), pairOf('small', 100, 49_999), before), 'agg')
  }
})

t.test('of two of equal weight the nearer to the price before is believed; in doubt the aggregator', async (t) => {
  const [agg, pair] = [saidOf('agg', 100), pairOf('pair', 150, 50_000)]
  t.equal(settledBy(agg, pair, beforeOf(saidOf('x', 149))), 'pair')
  t.equal(settledBy(agg, pair, beforeOf(saidOf('x', 101))), 'agg')
  t.equal(settledBy(agg, pair), 'agg')
  t.equal(settledBy(pairOf('one', 100, 1e5), pairOf('two', 150, 999_999), beforeOf(saidOf('x', 140))), 'two')
  t.equal(settledBy(pairOf('one', 100, 1e5), pairOf('two', 150, 999_999), beforeOf(saidOf('x', 101))), 'one')
  t.equal(settledBy(agg, pairOf('pair', 150, Number.NaN), beforeOf(pair)), 'pair', 'what nobody told weighs nothing')
  t.equal(settledBy(pairOf('a', 100, 0), pairOf('b', 150, 0)), 'the fresher')
  t.equal(settledBy(agg, pairOf('pair', 109, 50_000), beforeOf(saidOf('x', 100))), 'the fresher', '9 % are no dispute')
})

t.test('one of two that took the place of the other keeps it for ten minutes, unless a third speaks', async (t) => {
  const [big, small] = [pairOf('big', 100, 1e6), pairOf('small', 150, 1e4)]
  const after = (ms: number) => beforeOf(small, { switchedAtMs: START, nowMs: START + ms })
  t.equal(settledBy(big, small, after(10 * MINUTE_MS - 1)), 'small')
  t.equal(settledBy(big, small, after(10 * MINUTE_MS)), 'big')
  t.equal(choosePrice(freshPrices([big, small, saidOf('third', 100)]), after(1))?.priceUsd, 100)
})

t.test('of two of equal weight that spoke more than ten minutes apart the later is believed', async (t) => {
  const [old, now] = [saidOf('old', 100), saidOf('now', 150, { observedAtMs: START + 10 * MINUTE_MS })]
  t.equal(choosePrice(freshPrices([old, now]), beforeOf(old))?.priceUsd, 100)
  const later = { ...now, observedAtMs: now.observedAtMs + 1 }
  t.equal(choosePrice(freshPrices([old, later]), beforeOf(old))?.priceUsd, 150)
})

t.test('exchanges that convert by one wrong rate do not outvote aggregators, however many they are', async (t) => {
  const inTether = (count: number, factor: number) =>
    Array.from({ length: count }, (_, i) =>
      pairOf(`exchange-${i}`, factor * (100 + i / 20), 1e9, { convertedFrom: 'USDT', observedAtMs: START + 1_000 }),
    )
  const aggregators = [saidOf('a', 100), saidOf('b', 100.2)]
  for (const factor of [0.1, 0.9, 1.1, 10])
    t.match(chosen([...inTether(5, factor), ...aggregators]), { source: { kind: 'aggregator' } }, `factor ${factor}`)
  const wrong = inTether(3, 10)
  t.ok(
    wrong.every((price) => isOutlier(price, freshPrices([...wrong, ...aggregators]))),
    'they are held back',
  )
  t.equal(chosen([...inTether(5, 1.02), ...aggregators])?.source.kind, 'exchange', 'no more than 3 % off')
  t.equal(chosen([...wrong, saidOf('a', 100)])?.source.kind, 'exchange', 'one aggregator proves nothing')
  t.equal(chosen([...wrong, saidOf('a', 100), saidOf('b', 100, { derivedFrom: 'a' })])?.source.kind, 'exchange')
})

t.test('exchanges of which one agrees, or that somebody else bears out, are believed as others are', async (t) => {
  const at = { observedAtMs: START + 1_000 }
  const tether = (name: string, priceUsd: number) => pairOf(name, priceUsd, 1e9, { convertedFrom: 'USDT', ...at })
  const aggregators = [saidOf('a', 100), saidOf('b', 100)]
  const wrong = [tether('x', 200), tether('y', 200)]
  t.equal(chosen([...wrong, ...aggregators])?.priceUsd, 100)
  t.equal(chosen([...wrong, pairOf('z', 200, 1e9, at), ...aggregators])?.priceUsd, 200, 'in dollars as well')
  t.equal(chosen([...wrong, tether('z', 204), ...aggregators])?.priceUsd, 200, 'not by one factor')
  t.equal(chosen([tether('x', 100), tether('y', 200), tether('z', 200), ...aggregators])?.priceUsd, 100)
  const soon = { observedAtMs: START - 8 * MINUTE_MS }
  const crash = [tether('x', 91), tether('y', 91), saidOf('a', 100, soon), saidOf('b', 100, soon)]
  t.equal(chosen(crash)?.priceUsd, 91, 'the market may have moved since')
})
