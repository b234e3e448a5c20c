import { isDeepStrictEqual } from 'node:util'
import { openStore } from '@crypto-signals/store'
import { captureLog, tempDir } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { BASE, barsOf, exchangeOf, factsOf, START, sightingOf } from '../../test/sightings.ts'
import type { Sighting } from '../identity/sighting.ts'
import type { SourceFacts } from '../source.ts'
import { createBook } from './book.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

const PAPRIKA = factsOf('coinpaprika')
const [BINANCE, KRAKEN] = [exchangeOf('binance'), exchangeOf('kraken')]
const EMPTY = { async *all() {} }

/** A book of its own that hears everything as soon as it is so, unless told otherwise. */
function newBook() {
  const bars = barsOf()
  const book = createBook({ quotes: EMPTY, bars, log: captureLog().log })
  const take = (facts: SourceFacts, said: Partial<Sighting>, receivedAt = said.observedAtMs ?? START) =>
    book.take(facts, [sightingOf({ volumeUsd24h: 1e6, ...said })], receivedAt)
  return { book, bars, take, price: () => book.priceOf('bitcoin')?.priceUsd }
}

/** A real store in a directory that goes with the test. */
async function newStore(t: Tap) {
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'market.sqlite' })
  t.teardown(async () => {
    await store[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  return store
}
type Tap = Pick<typeof t, 'teardown'>

t.test('a lie is replaced in the store by a truth that was observed before it, and after a restart too', async (t) => {
  const { quotes } = await newStore(t)
  const { book, bars, take } = newBook()
  const now = START + 10 * MINUTE_MS
  const save = async (receivedAt: number) => {
    const quote = book.quoteOf('bitcoin', receivedAt)
    if (quote !== null) await quotes.save([quote])
  }
  take(BINANCE, { priceUsd: 100, observedAtMs: now })
  await save(now)
  take(BASE, { priceUsd: 1, observedAtMs: now - 5 * MINUTE_MS }, now + 1)
  t.strictSame(take(PAPRIKA, { priceUsd: 1, observedAtMs: now - 4 * MINUTE_MS }, now + 2), ['bitcoin'])
  await save(now + 2)
  const at = new Date(now).toISOString()
  t.match(await quotes.get('bitcoin'), { priceUsd: 1, source: 'coinpaprika', observedAt: at })
  t.equal(book.priceOf('bitcoin')?.observedAtMs, now - 4 * MINUTE_MS, 'which is how old it is')
  t.equal(bars.ticks.at(-1)?.[2], now - 4 * MINUTE_MS, 'and where it goes in the bars')
  const restarted = createBook({ quotes, bars: barsOf(), log: captureLog().log })
  await restarted.recall()
  restarted.take(BASE, [sightingOf({ priceUsd: 1, observedAtMs: now - 3 * MINUTE_MS })], now + 3)
  t.match(restarted.quoteOf('bitcoin', now + 3), { priceUsd: 1, observedAt: at })
})

const sayer = fc.constantFrom(BASE, PAPRIKA, factsOf('coinlore'), BINANCE, KRAKEN)
const step = fc.record({
  facts: sayer,
  priceUsd: fc.oneof(
    { arbitrary: fc.constantFrom(1, 1.01, 100, 101, 150), weight: 9 },
    { arbitrary: fc.constant(null), weight: 1 },
  ),
  volumeUsd24h: fc.constantFrom(null, 500, 1e4, 1e6),
  convertedFrom: fc.constantFrom(null, 'USDT'),
  marketCapUsd: fc.constantFrom(null, 5),
  lagMs: fc.constantFrom(0, 1, 30 * SECOND_MS, 5 * MINUTE_MS, 40 * MINUTE_MS),
  /** What passes until it is received; an answer may also overtake another. */
  passedMs: fc.constantFrom(0, 0, 1, 30 * SECOND_MS, 6 * MINUTE_MS, -2 * SECOND_MS),
})
const histories = fc.array(step, { minLength: 2, maxLength: 15 })

t.test('what is stored is what the book says after every step, and observedAt never goes back', async (t) => {
  const { quotes } = await newStore(t)
  let run = 0
  const property = fc.asyncProperty(histories, async (steps) => {
    const [coinId, { book }] = [`coin-${run++}`, newBook()]
    let [now, before] = [START, '']
    for (const { facts, lagMs, passedMs, ...said } of steps) {
      now += passedMs
      const changed = book.take(facts, [sightingOf({ coinId, ...said, observedAtMs: now - lagMs })], now)
      const quote = book.quoteOf(coinId, now)
      if (quote !== null && changed.length > 0) await quotes.save([quote])
      const stored = await quotes.get(coinId)
      if (quote === null || stored === null) throw new Error('nothing is known')
      if (stored.observedAt < before || quote.observedAt < before)
        throw new Error(`${quote.observedAt} after ${before}`)
      before = stored.observedAt
      const [is, says] = [stored, quote].map(comparable)
      if (!isDeepStrictEqual(is, says)) throw new Error(`${JSON.stringify(is)} instead of ${JSON.stringify(says)}`)
    }
  })
  await fc.assert(property, { numRuns: 400 })
  t.pass('400 histories')
})

/** Exchanges' volumes and the silence of who has no price change without a quote of their own. */
function comparable(quote: { priceUsd: number | null; source: string; origins: object } & object) {
  const { priceUsd, source, origins, ...rest } = quote
  const known = { ...rest, priceUsd, source: priceUsd === null ? null : source, origins: { ...origins, volume: null } }
  return { ...known, volumeUsd24h: null, receivedAt: null }
}

t.test('two sources that are at odds never make the price go back and forth within ten minutes', async (t) => {
  const pairs = fc.constantFrom<[SourceFacts, SourceFacts][]>([BASE, BINANCE], [BINANCE, KRAKEN], [BASE, PAPRIKA])
  const says = fc.record({
    who: fc.constantFrom(0, 1),
    factor: fc.constantFrom(1, 1.3, 1.6, 1.3),
    volumeUsd24h: fc.constantFrom(2_000, 1e5, 1e7),
    passedMs: fc.constantFrom(SECOND_MS, 30 * SECOND_MS, 4 * MINUTE_MS, 11 * MINUTE_MS),
  })
  const property = fc.property(pairs, fc.array(says, { maxLength: 30 }), (sources, steps) => {
    const { book, take } = newBook()
    let [now, source, switchedAt] = [START, '', Number.NEGATIVE_INFINITY]
    for (const { who, factor, volumeUsd24h, passedMs } of steps) {
      now += passedMs
      // One says from 100 on, the other from 1,000: always at odds.
      take(sources[who] ?? BASE, { priceUsd: factor * 100 * 10 ** who, volumeUsd24h, observedAtMs: now })
      const says = book.quoteOf('bitcoin', now)?.source ?? ''
      const isAlone = book.priceOf('bitcoin')?.sources === 1
      if (says !== source && source !== '' && !isAlone) {
        if (now - switchedAt < 10 * MINUTE_MS) throw new Error(`${says} again after ${now - switchedAt} ms`)
        switchedAt = now
      }
      source = says
    }
  })
  fc.assert(property, { numRuns: 2_000 })
  t.pass('2,000 histories')
})

t.test('an exchange that stands still falls behind an aggregator that moves', async (t) => {
  const { book, take, price } = newBook()
  let [truth, now] = [100, START]
  for (let minute = 0; minute < 60; minute++) {
    truth *= 1.01
    now += MINUTE_MS
    take(BASE, { priceUsd: truth, observedAtMs: now - 20 * SECOND_MS }, now)
    take(KRAKEN, { priceUsd: 100, observedAtMs: now + SECOND_MS })
    if (minute > 0) t.equal(price(), truth)
  }
  t.equal(book.priceOf('bitcoin')?.sources, 1, 'it is not even a witness')
})

t.test('an exchange says something new if its price or its volume moved, and is confirmed if not', async (t) => {
  const said = { priceUsd: 100, volumeUsd24h: 1e6 }
  const observedAfter = (first: Partial<Sighting>, then: Partial<Sighting>, facts = KRAKEN) => {
    const { book, take } = newBook()
    take(facts, first)
    t.strictSame(take(facts, { ...then, observedAtMs: START + SECOND_MS }), ['bitcoin'])
    return (book.priceOf('bitcoin')?.observedAtMs ?? 0) - START
  }
  t.equal(observedAfter(said, said), 0)
  t.equal(observedAfter(said, { ...said, volumeUsd24h: 1e6 + 1 }), SECOND_MS)
  t.equal(observedAfter(said, { ...said, priceUsd: 100.1 }), SECOND_MS)
  t.equal(observedAfter({ ...said, volumeUsd24h: null }, { ...said, volumeUsd24h: null }), SECOND_MS, 'nobody can tell')
  t.equal(observedAfter(said, said, BASE), SECOND_MS, 'an aggregator tells when it was so')
})

t.test('what a currency does moves no price that stands still in it', async (t) => {
  const at = (rate: number, price: number, volume: number): Partial<Sighting> => ({
    priceUsd: price * rate,
    volumeUsd24h: volume * rate,
    convertedFrom: 'USDT',
  })
  const { book, take, price } = newBook()
  take(KRAKEN, at(0.9997, 97_123.45, 1_234_567.89))
  for (let second = 1; second <= 20; second++)
    take(KRAKEN, { ...at(0.9997 + second / 1e5, 97_123.45, 1_234_567.89), observedAtMs: START + second * SECOND_MS })
  t.equal(book.priceOf('bitcoin')?.observedAtMs, START)
  t.equal(price(), 97_123.45 * (0.9997 + 20 / 1e5), 'in dollars it moves all the same')
  take(KRAKEN, { ...at(0.9999, 97_123.46, 1_234_570), observedAtMs: START + MINUTE_MS })
  t.equal(book.priceOf('bitcoin')?.observedAtMs, START + MINUTE_MS)
})

t.test('what an exchange said late stays late, also where it said nothing new meanwhile', async (t) => {
  const { take, price } = newBook()
  take(KRAKEN, { priceUsd: 100 })
  take(KRAKEN, { priceUsd: 100, observedAtMs: START + MINUTE_MS })
  t.strictSame(take(KRAKEN, { priceUsd: 99, observedAtMs: START + SECOND_MS }), [])
  t.equal(price(), 100)
})
