import * as fc from 'fast-check'
import t from 'tap'
import { START } from '../../test/sightings.ts'
import { choosePrice, FRESH_MS, freshPrices, isOutlier, type SaidPrice } from './price-choice.ts'

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
  .oneof(fc.integer({ min: 0, max: 90 * MINUTE_MS }), fc.constantFrom(0, 1, FRESH_MS))
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
    const ages = fc.array(fc.integer({ min: 0, max: FRESH_MS }), { minLength: 8, maxLength: 8 })
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
    t.equal(chosen([saidOf('a', 100, { observedAtMs: START - FRESH_MS }), thin('b', 101, 999)])?.priceUsd, 101)
    t.equal(chosen([thin('b', 100, 0), thin('c', 100, 0), saidOf('a', 200)])?.priceUsd, 200)
  },
)

t.test('prices of nothing are prices', async (t) => {
  t.equal(chosen([saidOf('a', 0), saidOf('b', 0), saidOf('c', 1, { observedAtMs: START + 1 })])?.priceUsd, 0)
})
