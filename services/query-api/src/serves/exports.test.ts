import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { Delta, MarketRow, type Quote, receiptOf, type ScoredCoin } from '@crypto-signals/contracts'
import { createServer } from '@crypto-signals/service'
import { captureLog, FakeClock, manyQuotes, quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import * as fc from 'fast-check'
import { Registry } from 'prom-client'
import t from 'tap'
import { HOSTILE } from '../../test/arbitraries.ts'
import { countedMarket } from '../../test/counted-market.ts'
import { createFollower } from '../../test/follower.ts'
import { changes, type Filter, filters, observed } from '../../test/live-market.ts'
import { rowsOf, wantedOf } from '../../test/rows.ts'
import { openWorld } from '../../test/world.ts'
import { serveExports } from './exports.ts'

type World = Awaited<ReturnType<typeof openWorld>>

const queryOf = (filter: object) =>
  Object.entries(filter)
    .map(([name, value]) => `&${name}=${encodeURIComponent(String(value))}`)
    .join('')

const FIRST = Date.parse('2026-01-01T00:00:00.000Z')
const second = (n: number) => new Date(FIRST + n * 1_000).toISOString()
const quoteAt = (n: number, coinId: string, more: Partial<Quote> = {}) =>
  quoteOf({ ...more, coinId, observedAt: second(n), receivedAt: second(n) })

async function exportOf({ get }: World, filter: object = {}) {
  const answer = await get(`/api/export.ndjson?${queryOf(filter).slice(1)}`)
  const lines = answer.body.split('\n').slice(0, -1)
  const rows = lines.map((line) => JSON.parse(line) as MarketRow)
  return { rows, version: String(answer.headers['x-data-version']), answer }
}

const step = fc.record({ changes, isAsked: fc.boolean(), seconds: fc.constantFrom(0, 1, 6) })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

t.test('whoever loads an export and asks for deltas holds exactly what the server holds', async (t) => {
  const script = fc.tuple(fc.array(step, { minLength: 3, maxLength: 12 }), filters)
  await using world = await openWorld()
  await world.service.start()
  const [quotes, scored] = [new Map<string, Quote>(), new Map<string, ScoredCoin>()]
  let [asked, moment] = [0, 0]
  const follow = async (steps: readonly Step[], filter: Filter) => {
    const exported = await exportOf(world, filter)
    const held = createFollower(new Map(exported.rows.map((row) => [row.coinId, row])))
    let { version } = exported
    for (const { changes, isAsked, seconds } of steps) {
      moment += 100
      const batch = observed(changes, moment)
      for (const quote of batch.quotes) quotes.set(quote.coinId, quote)
      for (const coin of batch.scored) scored.set(coin.coinId, coin)
      await world.publish.quotes(batch.quotes)
      await world.publish.scored(batch.scored)
      world.service.flush()
      await world.clock.advance(seconds * 1_000)
      if (!isAsked) continue
      const delta = (await world.get(`/api/signals/delta?since=${version}${queryOf(filter)}`)).json<Delta>()
      assert.ok(Value.Check(Delta, delta))
      assert.equal(delta.count, delta.data.length + delta.left.length)
      held.applyDelta(delta)
      assert.deepEqual(held.rows, wantedOf(rowsOf(quotes.values(), scored), filter))
      version = delta.meta.version
      asked++
    }
  }
  await fc.assert(
    fc.asyncProperty(script, ([steps, filter]) => follow(steps, filter)),
    { numRuns: 60 },
  )
  t.ok(asked > 100, `${asked} deltas`)
})

t.test('a version that is not known, or after which too much changed, is gone', async (t) => {
  await using world = await openWorld({ quotes: manyQuotes(5_001) })
  await world.service.start()
  const gone = async (since: string, filter = '') => {
    const answer = await world.get(`/api/signals/delta?since=${since}${filter}`)
    return [answer.statusCode, answer.json().code]
  }
  t.strictSame(await gone('abc-def'), [410, 'QUERY_VERSION_GONE'])
  t.strictSame(await gone('0-0'), [410, 'QUERY_VERSION_GONE'], 'since there was nothing 5,001 came')
  t.equal((await gone('0-0', '&coins=coin-1,coin-2'))[0], 200)
  const { version } = await exportOf(world)
  const answer = await world.get(`/api/signals/delta?since=${version}`)
  t.match(answer.json(), { success: true, data: [], left: [], count: 0, meta: { version } })
  const again = await world.get(`/api/signals/delta?since=${version}`, { 'if-none-match': String(answer.headers.etag) })
  t.equal(again.statusCode, 304)
})

t.test('an export is all rows by rank at one version, compressed or not', async (t) => {
  const quotes = manyQuotes(700)
  await using world = await openWorld({ quotes })
  await world.service.start()
  const { rows, version, answer } = await exportOf(world)
  t.equal(rows.length, 700)
  t.ok(rows.every((row) => Value.Check(MarketRow, row)))
  const ranks = rows.map(({ rank }) => rank ?? Number.POSITIVE_INFINITY)
  t.strictSame(
    ranks,
    ranks.toSorted((a, b) => a - b),
  )
  t.equal(version, (await world.service.readiness()).version)
  t.match(answer.headers, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'x-market-source': 'simulated',
    etag: `W/"${version}"`,
    vary: 'accept-encoding',
    'content-length': String(Buffer.byteLength(answer.body)),
  })
  for (const encoding of ['gzip', 'br, gzip;q=0.5', '*', 'GZIP']) {
    const { headers, rawPayload } = await world.get('/api/export.ndjson', { 'accept-encoding': encoding })
    t.equal(headers['content-encoding'], 'gzip', encoding)
    t.equal(String(gunzipSync(rawPayload)), answer.body)
  }
  for (const encoding of ['identity', 'gzip;q=0', 'br', '*;q=0, br', 'gzip;q=0.0, *', '']) {
    const { headers, body } = await world.get('/api/export.ndjson', { 'accept-encoding': encoding })
    t.strictSame([headers['content-encoding'], body === answer.body], [undefined, true], encoding)
  }
  const known = await world.get('/api/export.csv', { 'if-none-match': `W/"${version}"` })
  t.strictSame([known.statusCode, known.body], [304, ''])
  const head = await world.app.inject({ method: 'HEAD', url: '/api/export.ndjson' })
  t.strictSame([head.statusCode, head.headers['x-data-version'], head.body], [200, version, ''])
})

t.test(
  'the export of the whole market is made anew at most every five seconds, one with a filter each time',
  async (t) => {
    await using world = await openWorld({ quotes: [quoteAt(1, 'bitcoin')] })
    await world.service.start()
    const [first, only] = [await exportOf(world), { coins: 'bitcoin,ethereum' }]
    await world.publish.quotes([quoteAt(2, 'ethereum')])
    world.service.flush()
    t.equal((await exportOf(world)).version, first.version)
    const known = await world.get('/api/export.ndjson', { 'if-none-match': `W/"${first.version}"` })
    t.equal(known.statusCode, 304, 'what would be answered is what the caller has')
    t.equal((await exportOf(world, only)).rows.length, 2)
    const begun = await exportOf(world, { limit: 1 })
    t.strictSame([begun.rows.length, receiptOf(begun.version)], [1, Date.parse(second(2))], 'nor is a beginning kept')
    await world.clock.advance(5_000)
    const [one, other] = await Promise.all([exportOf(world), exportOf(world)])
    t.strictSame([one.rows.length, one.version, one.rows], [2, other.version, other.rows])
    t.equal(receiptOf(one.version), Date.parse(second(2)))
  },
)

t.test('whoever drops his connection leaves no work behind for others to wait for', async (t) => {
  const { market, made } = countedMarket(manyQuotes(5_000))
  const [clock, { log }] = [new FakeClock(), captureLog()]
  await using app = createServer({ log, metrics: new Registry() })
  serveExports(app, { market, clock, simulated: true, asked: () => undefined })
  const leaving = new AbortController()
  const dropped = Array.from({ length: 60 }, (_, i) =>
    app.inject({ url: `/api/export.csv?min_change=${i / 1_000}`, signal: leaving.signal }),
  )
  t.equal((await app.inject('/api/export.csv?limit=1')).statusCode, 200, 'by then all have been heard')
  leaving.abort()
  await Promise.allSettled(dropped)
  const before = made.begun
  for (const query of ['', '?min_change=0.5']) {
    t.equal((await app.inject(`/api/export.csv${query}`)).statusCode, 200)
  }
  t.equal(made.begun, before + 2)
})

t.test('a table has the same rows, and no cell that others named is taken for a formula', async (t) => {
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a,"b"\n=c', "'=1", 'plain']
  const hostile = HOSTILE.map((coinId, i) => quoteAt(1, coinId, { name: `${coinId} coin`, marketCapRank: 100 + i }))
  const quotes = names.map((name, i) =>
    quoteAt(1, `coin-${i}`, { name, symbol: name.slice(0, 4), marketCapRank: i + 1 }),
  )
  const scored = [scoredCoinOf({ coinId: 'coin-0', finalScore: 70 })]
  await using world = await openWorld({ quotes: [...quotes, ...hostile], scored })
  await world.service.start()
  const answer = await world.get('/api/export.csv')
  t.match(answer.headers, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': /market\.csv/ })
  const [head = [], ...lines] = tableIn(answer.body)
  t.equal(lines.length, quotes.length + HOSTILE.length)
  t.ok(lines.every((line) => line.length === head.length))
  const cells = (name: string) => lines.map((line) => line[head.indexOf(name)])
  t.strictSame(cells('name').slice(0, 9), [
    "'=1+1",
    "'+1",
    "'-1",
    "'@SUM(A1)",
    "'\t=1",
    "'\r=1",
    'a,"b"\n=c',
    "'=1",
    'plain',
  ])
  t.strictSame(cells('coinId').slice(9), HOSTILE)
  t.ok(cells('symbol').every((cell) => !/^[=+\-@\t\r]/.test(String(cell))))
  t.strictSame([cells('signals.SCALPING.finalScore')[0], cells('signals.primary')[1]], ['70', ''])
  const { rows } = await exportOf(world)
  t.strictSame(
    cells('priceUsd'),
    rows.map(({ priceUsd }) => String(priceUsd)),
  )
  t.strictSame(
    rows.slice(9).map(({ name }) => name),
    HOSTILE.map((coinId) => `${coinId} coin`),
  )
})

/** The cells of a CSV file, as RFC 4180 has it. */
function tableIn(text: string): string[][] {
  const lines: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/g)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') lines.push([])
  }
  return lines.slice(0, -1)
}
