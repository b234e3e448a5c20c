import { FAULTS, FakeClock, type Fault, startMarketReplay, until } from '@crypto-signals/testing'
import t from 'tap'
import type { FailureKind, SourceError } from '../source-error.ts'
import { createClient } from './client.ts'
import { numberOf, readObservation } from './reading.ts'
import { retryAtOf } from './retry-after.ts'
import { textOf } from './text.ts'

const NOW = Date.parse('2026-07-16T00:00:00.000Z')
const MARKETS = '/coins/markets?vs_currency=usd'
const never = new AbortController().signal
const openClient = (url: string, clock: FakeClock, apiKey: string | null = null) =>
  createClient({ settings: { url, apiKey }, tools: { clock } })

t.test('Retry-After is read in both forms to the second, and comes before x-ratelimit-reset', async (t) => {
  const at = (headers: Record<string, string>) => (retryAtOf(new Headers(headers), NOW) ?? Number.NaN) - NOW
  t.equal(at({ 'Retry-After': '30' }), 30_000)
  t.equal(at({ 'Retry-After': '0' }), 1_000)
  t.equal(at({ 'Retry-After': 'Thu, 16 Jul 2026 00:00:09 GMT' }), 9_000)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 60_000)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 02:01:00 +0200' }), 60_000)
  t.equal(at({ 'Retry-After': '30', 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 30_000)
  t.equal(at({ 'Retry-After': 'soon', 'x-ratelimit-reset': '2026-07-16 00:01:00 +0000' }), 60_000)
  t.equal(at({ 'Retry-After': 'Thu, 16 Jul 2026 00:00:09 GMT', Date: 'soon' }), 9_000)
  for (const hour of ['Wed, 15 Jul 2026 23:00', 'Thu, 16 Jul 2026 01:00'])
    t.equal(at({ 'Retry-After': `${hour}:47 GMT`, Date: `${hour}:00 GMT` }), 47_000, `their clock shows ${hour}`)
  t.equal(at({ 'x-ratelimit-reset': '2026-07-16 01:01:00 +0000', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' }), 60_000)
  t.equal(at({ 'Retry-After': '30', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' }), 30_000)
  t.ok(Number.isNaN(at({ 'Retry-After': 'Thu, 16 Jul 2026 01:00:00 GMT', Date: 'Thu, 16 Jul 2026 01:00:00 GMT' })))
  t.ok(Number.isNaN(at({ 'Retry-After': 'Wed, 15 Jul 2026 23:59:59 GMT' })))
  t.ok(Number.isNaN(at({})))
})

t.test(
  'what a source says is cut, shown without characters that cannot be seen, and never repeats the key',
  async (t) => {
    await using replay = await startMarketReplay({ rows: [] })
    const apiKey = 'CG-a/b+c=d~1'
    const client = openClient(replay.url, new FakeClock(), apiKey)
    t.teardown(() => client.close())
    const said = async (error: string) => {
      replay.next((response) => response.writeHead(400).end(JSON.stringify({ error })))
      return ((await client.json('/coins/list', never).catch((reason: unknown) => reason)) as SourceError).message
    }
    t.equal(await said('no\r\n{"level":60}\u001b[2J\u202e\u0000\ud800 \u2028x'), 'HTTP 400: no {"level":60}[2J x')
    const long = await said('\u{1f600}'.repeat(10_000))
    t.ok(long.length <= 160 && long.isWellFormed(), long)
    const encoded = [apiKey, encodeURIComponent(apiKey), encodeURIComponent(apiKey).toLowerCase().replace('cg', 'CG')]
    const hidden = apiKey.replace('a', 'a\u200b')
    const everyByte = Array.from(apiKey, (each) => `%${each.charCodeAt(0).toString(16)}`).join('')
    for (const key of [...encoded, hidden, everyByte])
      t.equal(await said(`wrong key ${key}!`), 'HTTP 400: wrong key [key]!')
    t.notMatch(await said(`${'x'.repeat(140)}${apiKey}`), 'CG-', 'also where it is cut')
  },
)

t.test(
  'whatever breaks a call becomes a reason to try again, within bounds of time and size, and no redirect is followed',
  async (t) => {
    const clock = new FakeClock()
    await using replay = await startMarketReplay({
      rows: Array.from({ length: 50 }, (_, index) => ({ id: `coin-${index}` })),
    })
    const client = openClient(replay.url, clock)
    t.teardown(() => client.close())
    const failing = async (fault: Fault, advanceMs = 0) => {
      const seen = replay.requests.length
      replay.next(fault)
      const call = client.json(MARKETS, never).catch((error: unknown) => error)
      await until(() => replay.requests.length > seen)
      await clock.advance(advanceMs)
      return (await call) as SourceError
    }
    const headersOnly: Fault = (response) => response.writeHead(200).write('[')
    const redirect: Fault = (response) => response.writeHead(302, { location: '/coins/list' }).end()
    t.match(await failing(FAULTS.stall, 10_000), { kind: 'failed', message: /no answer within 10 s/ })
    t.match(await failing(FAULTS.endless), { kind: 'failed', message: /larger than 16 MB/ })
    for (const fault of [FAULTS.reset, FAULTS.truncated, FAULTS.htmlPage, FAULTS.badGateway, FAULTS.serverError])
      t.equal((await failing(fault)).kind, 'failed')
    t.equal((await failing(redirect)).kind, 'rejected')
    t.equal((await failing(FAULTS.uriTooLong)).kind, 'too-long')
    const before = replay.requests.length
    const slow = client.json(MARKETS, never).catch((error: unknown) => error)
    t.equal(((await slow) as { body: unknown[] }).body.length, 50, 'and the next call is well')
    t.equal(replay.requests.length, before + 1)
    const begun = failing(headersOnly, 0)
    await until(() => clock.sleeping === 1)
    await clock.advance(30_000)
    t.match(await begun, { kind: 'failed', message: /no whole answer within 30 s/ })
    t.equal(clock.sleeping, 0, 'no timer is left behind')
  },
)

t.test('a call that is aborted rejects with the reason and leaves nothing behind', async (t) => {
  const clock = new FakeClock()
  await using replay = await startMarketReplay({ rows: [] })
  const client = openClient(replay.url, clock)
  t.teardown(() => client.close())
  replay.next(FAULTS.stall)
  const stopping = new AbortController()
  const call = client.json('/coins/list', stopping.signal)
  await until(() => replay.requests.length === 1)
  stopping.abort(new Error('stopped'))
  await t.rejects(call, { message: 'stopped' })
  t.equal(clock.sleeping, 0)
})

t.test('a status asks of the caller what it means, and a page that is no JSON is a failure', async (t) => {
  const clock = new FakeClock(NOW)
  await using replay = await startMarketReplay({ rows: [] })
  const client = openClient(`${replay.url}/`, clock)
  t.teardown(() => client.close())
  const kinds: Record<FailureKind, number[]> = {
    throttled: [418, 429],
    refused: [401, 402, 403, 451],
    'too-long': [413, 414, 431],
    failed: [204, 408, 425, 500, 503],
    rejected: [301, 400, 404],
  }
  const cases = Object.entries(kinds).flatMap(([kind, statuses]) => statuses.map((status) => ({ status, kind })))
  for (const { status, kind } of cases) {
    const answer: Fault = (response) => response.writeHead(status, { 'retry-after': '7' }).end()
    replay.next(answer, 2)
    const error = (await client.json('/coins/list', never).catch((reason: unknown) => reason)) as SourceError
    t.match(error, { kind, retryAt: kind === 'throttled' ? NOW + 7_000 : null }, String(status))
    t.match(await client.ping('/ping', never), { kind })
  }
  replay.next(FAULTS.htmlPage)
  t.match(await client.ping('/ping', never), { kind: 'failed', message: 'the answer is not JSON' })
  t.equal(await client.ping('/ping', never), null)
  const { body, receivedAt } = await client.json('/coins/list', never)
  t.same([body, receivedAt, replay.requests.at(-1)?.url], [[], NOW, '/coins/list'])
})

t.test('numbers are read from decimals only, texts in one line, and times up to the receipt', async (t) => {
  const decimals = { '1.5': 1.5, '.5': 0.5, '5.': 5, '+1e3': 1000, '-2': -2 }
  for (const [said, number] of Object.entries(decimals)) t.equal(numberOf(said, -10, 1e4), number, said)
  t.equal(numberOf(1.5, -10, 1e4), 1.5)
  for (const said of [
    '',
    ' ',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e999',
    '--1',
    '20000',
    true,
    null,
    undefined,
    [1],
    {},
  ])
    t.equal(numberOf(said, -10, 1e4), null, JSON.stringify(said))
  t.equal(textOf(' a b ', 3), 'a b')
  for (const said of ['', '  ', 'a\nb', 'a\u0000', '\ud800', 'abcd', 1, null]) t.equal(textOf(said, 3), null)
  const at = (observedAtMs: number | null) =>
    readObservation({ key: 'a', price: 1, observedAtMs }, NOW).row?.observedAtMs
  t.same([NOW - 5, NOW + 1, -1, null, Number.NaN].map(at), [NOW - 5, NOW, NOW, NOW, NOW])
})

t.test('a wrong key or price costs the row, with its reason; any other wrong field costs itself', async (t) => {
  const reason = (said: { key: unknown; price: unknown; currency?: unknown }) =>
    readObservation(said, NOW).fault?.reason
  t.equal(reason({ key: undefined, price: 1 }), 'key: missing')
  t.equal(reason({ key: {}, price: 1 }), 'key: an object')
  t.equal(reason({ key: 'a', price: 'soon' }), 'price: malformed')
  t.equal(reason({ key: 'a', price: '-1' }), 'price: out of bounds')
  t.equal(reason({ key: 'a', price: [] }), 'price: an array')
  t.equal(reason({ key: 'a', price: true }), 'price: a boolean')
  t.equal(reason({ key: 'a', price: 1, currency: 7 }), 'currency: out of bounds')
  const said = { key: 'a', price: '', volume24h: -1, marketCapRank: 1.5, image: 'http://a', changePct: { '1h': 'x' } }
  t.match(readObservation(said, NOW).row, {
    key: 'a',
    currency: 'USD',
    price: null,
    volume24h: null,
    marketCapRank: null,
    image: null,
    changePct: null,
  })
})
