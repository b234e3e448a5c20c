import assert from 'node:assert/strict'
import { CoinDetail, CoinSignal, CoinsPage, SignalStats, SignalsList, SignalsPage } from '@crypto-signals/contracts'
import { manyQuotes, manyScoredCoins } from '@crypto-signals/testing'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import * as fc from 'fast-check'
import t from 'tap'
import {
  coinIds,
  coinsQueries,
  quotes,
  scoredCoins,
  searchQueries,
  signalsQueries,
  symbols,
} from '../test/arbitraries.ts'
import { createReference, type Reference } from '../test/reference.ts'
import { openWorld } from '../test/world.ts'

type World = Awaited<ReturnType<typeof openWorld>>

interface Question {
  url: string
  isValid: (body: unknown) => boolean
  /** Null when there is not one thing to find. */
  expected: (reference: Reference) => object | null
  /** What then names the candidates, if it is a symbol. */
  meant?: string
}

const validator = (schema: Parameters<typeof TypeBoxValidatorCompiler>[0]['schema']) => {
  const validate = TypeBoxValidatorCompiler({ schema, method: 'GET', url: '', httpPart: 'body' })
  return (body: unknown) => 'value' in (validate(body) as object)
}
const urlOf = (path: string, query: object) => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return `${path}?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`
}

const isValid = {
  signals: validator(SignalsPage),
  list: validator(SignalsList),
  coinSignal: validator(CoinSignal),
  stats: validator(SignalStats),
  coins: validator(CoinsPage),
  coin: validator(CoinDetail),
}

const signalsQuestions = signalsQueries.map((query): Question => {
  return { url: urlOf('/api/signals', query), isValid: isValid.signals, expected: (it) => it.signals(query) }
})
const coinsQuestions = coinsQueries.map((query): Question => {
  return { url: urlOf('/api/coins', query), isValid: isValid.coins, expected: (it) => it.coins(query) }
})
const searchQuestions = searchQueries.map((query): Question => {
  return { url: urlOf('/api/signals/search', query), isValid: isValid.list, expected: (it) => it.search(query) }
})
const otherQuestions = fc.oneof(coinIds, symbols).chain((id) => {
  const path = encodeURIComponent(id)
  return fc.constantFrom<Question>(
    { url: `/api/signals/coin/${path}`, isValid: isValid.coinSignal, expected: (it) => it.coinSignal(id), meant: id },
    { url: `/api/coins/${path}`, isValid: isValid.coin, expected: (it) => it.coinDetail(id), meant: id },
    { url: '/api/signals/strong', isValid: isValid.list, expected: (it) => it.strong() },
    { url: '/api/signals/stats', isValid: isValid.stats, expected: (it) => it.stats() },
  )
})
const symbolQuestions = symbols.map((symbol): Question => {
  const url = `/api/coins/by-symbol/${encodeURIComponent(symbol)}`
  return { url, isValid: isValid.coin, expected: (it) => it.coinOfSymbol(symbol), meant: symbol }
})
const questions = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: signalsQuestions },
    { weight: 2, arbitrary: coinsQuestions },
    { weight: 1, arbitrary: symbolQuestions },
    { weight: 1, arbitrary: searchQuestions },
    { weight: 2, arbitrary: otherQuestions },
  ),
  { minLength: 40, maxLength: 40 },
)
const batch = fc.record({ scored: scoredCoins, quotes, questions })
const batches = fc.tuple(batch, batch, batch, batch)

async function ask({ get }: World, reference: Reference, { url, isValid, expected, meant }: Question): Promise<void> {
  const [answer, wanted] = [await get(url), expected(reference)]
  const { success, meta, ...body } = answer.json()
  if (wanted === null) {
    const candidates = body.code === 'QUERY_NOT_SCORED' ? [] : reference.candidates(meant ?? '')
    assert.deepEqual(body.candidates ?? [], candidates, url)
    const isAmbiguous = url.includes('by-symbol') && candidates.length > 1
    return assert.equal(answer.statusCode, isAmbiguous ? 409 : 404, url)
  }
  assert.deepEqual(body, wanted, url)
  assert.ok(isValid({ success, meta, ...body }), `${url} is valid by its schema`)
}

t.test(
  'answers every query as filtering and sorting plain objects would, after any batches in any order',
  async (t) => {
    let asked = 0
    const property = fc.asyncProperty(batches, async ([stored, ...published]) => {
      await using world = await openWorld(stored)
      const reference = createReference(() => world.clock.now())
      await world.service.start()
      for (const batch of [stored, ...published]) {
        if (batch !== stored) {
          await world.publish.quotes(batch.quotes)
          await world.publish.scored(batch.scored)
        }
        for (const row of batch.quotes) reference.takeQuote(row)
        for (const row of batch.scored) reference.takeScored(row)
        await world.clock.advance(100)
        for (const question of batch.questions) await ask(world, reference, question)
        asked += batch.questions.length
      }
    })
    await fc.assert(property, { numRuns: 25 })
    t.ok(asked >= 3_000, `${asked} queries were compared`)
  },
)

t.test('answers a market of thousands the same way as one of dozens', async (t) => {
  const [quotes, scored] = [manyQuotes(2_500), manyScoredCoins(2_500)]
  await using world = await openWorld({ quotes, scored: scored.slice(0, 2_000) })
  const reference = createReference(() => world.clock.now())
  await world.service.start()
  await world.publish.scored(scored.slice(2_000))
  world.service.flush()
  for (const row of quotes) reference.takeQuote(row)
  for (const row of scored) reference.takeScored(row)
  for (const question of fc.sample(questions, 8).flat()) await ask(world, reference, question)
  const { data } = (await world.get('/api/signals?limit=50&page=50')).json()
  t.equal(data.length, 50)
})

t.test(
  'answers the same whatever order the rows came in, how they were cut into batches and how often they came',
  async (t) => {
    const paths = ['score', 'rank', 'updated'].map((sort) => `/api/signals?limit=100&sort=${sort}`)
    const everything = [
      '/api/signals/strong',
      '/api/signals/stats',
      '/api/coins?limit=100',
      '/api/signals/search?q=o',
      ...paths,
    ]
    const orders = fc.tuple(scoredCoins, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 20 }))
    const property = fc.asyncProperty(orders, async ([scored, numbers, size]) => {
      const answersAfter = async (rows: typeof scored, size: number) => {
        await using world = await openWorld()
        await world.service.start()
        for (let i = 0; i < rows.length; i += size) {
          await world.publish.scored(rows.slice(i, i + size))
          world.service.flush()
        }
        const answers = await Promise.all(everything.map((url) => world.get(url)))
        return answers.map((answer) => ({ ...answer.json(), meta: null }))
      }
      const shuffled = [...scored, ...scored.slice(0, 10)].map((row) => ({ row, at: numbers.next().value ?? 0 }))
      const rows = shuffled.sort((a, b) => a.at - b.at).map(({ row }) => row)
      assert.deepEqual(await answersAfter(rows, size), await answersAfter(scored, 60))
    })
    await fc.assert(property, { numRuns: 15 })
    t.pass('no order made a difference')
  },
)
