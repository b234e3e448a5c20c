import { manyQuotes, quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import type { Guarantee } from './guarantee.contract.ts'
import { at, batchesOf, deliveries, newestOf, type Observation, rowsOf } from './observations.contract.ts'

export function quotesContract(guarantee: Guarantee): void {
  guarantee('gives quotes back as they were saved', async (t, { store, open }) => {
    const quotes = manyQuotes(100)
    await store.quotes.save(quotes)
    await store[Symbol.asyncDispose]()
    const reopened = await open()
    for (const quote of quotes) t.strictSame(await reopened.quotes.get(quote.coinId), quote)
    t.equal(await reopened.quotes.get('nocoin'), null)
  })

  guarantee('gives back any text and number, and each point of a sparkline bit for bit', async (t, { store }) => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((id) => !/\p{Cc}/u.test(id))
    const usd = fc.double({ min: 0, max: 1e30, noNaN: true })
    const point = fc.oneof(usd, fc.constantFrom(-0, 5e-324, 0.1 + 0.2))
    const quote = fc.record({ name: text, priceUsd: usd, sparkline: fc.option(fc.array(point, { maxLength: 20 })) })
    let run = 0
    await fc.assert(
      fc.asyncProperty(text, quote, async (id, overrides) => {
        const quote = quoteOf({ ...overrides, coinId: `${id} ${run++}` })
        await store.quotes.save([quote])
        const stored = await store.quotes.get(quote.coinId)
        t.strictSame({ ...stored, sparkline: null }, { ...quote, sparkline: null })
        t.strictSame(stored?.sparkline && bitsOf(stored.sparkline), quote.sparkline && bitsOf(quote.sparkline))
      }),
      { numRuns: 50 },
    )
  })

  guarantee(
    'keeps the newest quote of each coin, in whatever order and however often they come',
    async (t, { store }) => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(deliveries, async (batches) => {
          const id = run++
          const observed = ({ coin, observed, received }: Observation) =>
            quoteOf({
              coinId: `${id} ${coin}`,
              name: `${observed} ${received}`,
              observedAt: at(observed),
              receivedAt: at(received),
            })
          for (const batch of batches) await store.quotes.save(batch.map(observed))
          for (const quote of newestOf(batches).map(observed)) {
            t.strictSame(await store.quotes.get(quote.coinId), quote)
          }
        }),
        { numRuns: 50 },
      )
    },
  )

  guarantee('leaves a quote alone when another of the same times comes', async (t, { store }) => {
    await store.quotes.save([quoteOf({ priceUsd: 1, sparkline: [1] })])
    await store.quotes.save([quoteOf({ priceUsd: 2, sparkline: null })])
    t.strictSame(await store.quotes.get('bitcoin'), quoteOf({ priceUsd: 1, sparkline: [1] }))
  })

  guarantee('saves a batch of quotes as a whole or not at all', async (t, { store }) => {
    const unwritable = quoteOf({ coinId: 'b', priceUsd: 1n as unknown as number })
    await t.rejects(store.quotes.save([quoteOf({ coinId: 'a' }), unwritable, quoteOf({ coinId: 'c' })]))
    t.strictSame(await rowsOf(store.quotes.all(10)), [])
    await store.quotes.save([quoteOf({ coinId: 'a' })])
    t.strictSame(await rowsOf(store.quotes.all(10)), [quoteOf({ coinId: 'a' })])
  })

  guarantee('iterates all quotes by coinId, in batches no larger than asked for', async (t, { store }) => {
    const quotes = manyQuotes(25)
    await store.quotes.save(quotes)
    const ordered = quotes.toSorted((a, b) => (a.coinId < b.coinId ? -1 : 1))
    for (const size of [1, 7, 25, 1000]) {
      const batches = await batchesOf(store.quotes.all(size))
      t.ok(batches.every(({ length }) => length > 0 && length <= size))
      t.strictSame(batches.flat(), ordered)
    }
    for (const size of [5, 25]) t.equal((await batchesOf(store.quotes.all(size))).length, 25 / size)
  })

  guarantee('meets each quote once, though quotes are written between the batches', async (t, { store }) => {
    const quotes = manyQuotes(20)
    await store.quotes.save(quotes)
    const met: string[] = []
    for await (const batch of store.quotes.all(3)) {
      met.push(...batch.map(({ coinId }) => coinId))
      const later = batch.map((quote) => ({ ...quote, observedAt: at(600) }))
      await store.quotes.save([...later, quoteOf({ coinId: `a${met.length}` })])
    }
    t.strictSame(met, quotes.map(({ coinId }) => coinId).sort())
  })

  guarantee('tells the quotes that have no signals, or only older ones', async (t, { store }) => {
    const ids = ['none', 'older', 'older-received', 'same', 'newer', 'newer-received']
    const times = { observedAt: at(5), receivedAt: at(5) }
    await store.quotes.save(ids.map((coinId) => quoteOf({ coinId, ...times })))
    await store.signals.save([
      scoredCoinOf({ coinId: 'older', observedAt: at(4), updatedAt: at(9) }),
      scoredCoinOf({ coinId: 'older-received', observedAt: at(5), updatedAt: at(4) }),
      scoredCoinOf({ coinId: 'same', observedAt: at(5), updatedAt: at(5) }),
      scoredCoinOf({ coinId: 'newer', observedAt: at(6), updatedAt: at(1) }),
      scoredCoinOf({ coinId: 'newer-received', observedAt: at(5), updatedAt: at(6) }),
      scoredCoinOf({ coinId: 'without-quote' }),
    ])
    for (const size of [1, 2, 3, 100]) {
      const batches = await batchesOf(store.quotes.unscored(size))
      t.ok(batches.every(({ length }) => length > 0 && length <= size))
      t.strictSame(
        batches.flat(),
        ['none', 'older', 'older-received'].map((coinId) => quoteOf({ coinId, ...times })),
      )
    }
  })
}

const bitsOf = (points: readonly number[]) => Buffer.from(Float64Array.from(points).buffer).toString('hex')
