import { FakeClock, freePort, until } from '@crypto-signals/testing'
import t from 'tap'
import { createQuickClock } from '../test/quick-clock.ts'
import { cutOff, json, type Script, silence, startScriptedServer, unfinished } from '../test/scripted-server.ts'
import { ApiError } from './api-error.ts'
import type { Client, ClientOptions } from './client.ts'
import { clientWith } from './create-client.ts'

const GOOD = json(200, { success: true, data: [] })
const BUSY = json(503, { success: false, error: 'Try again', code: 'HTTP_UNAVAILABLE' })

async function asking(script: Script[], options: Partial<ClientOptions> = {}) {
  const server = await startScriptedServer(script)
  const clock = createQuickClock()
  const client = clientWith({ baseUrl: server.url, timeoutMs: 60_000, ...options }, { clock, random: () => 0 })
  return { client, server, waits: clock.waits, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const failureOf = async (work: Promise<unknown>): Promise<ApiError> => {
  const failure = await work.then(
    () => new Error('it went well'),
    (error) => error,
  )
  if (!(failure instanceof ApiError)) throw failure
  return failure
}

const unfinishedAndCut: Script = (response, request) => {
  unfinished('{"success":')(response, request)
  setImmediate(() => response.socket?.destroy())
}

t.test('what reads is asked for again after a fault that may pass, at growing distances', async (t) => {
  for (const fault of [cutOff, BUSY, json(502, 'x'), json(504, {}), json(429, {}), unfinishedAndCut]) {
    await using asked = await asking([fault, fault, GOOD])
    t.strictSame((await asked.client.coins.list()).data, [])
    t.strictSame(asked.waits, [250, 500])
    t.equal(asked.server.asked.length, 3)
  }
})

t.test('after the last try the fault is told', async (t) => {
  await using asked = await asking([BUSY])
  t.match(await failureOf(asked.client.coins.list()), { status: 503, code: 'HTTP_UNAVAILABLE', message: 'Try again' })
  t.equal(asked.server.asked.length, 3)
  await using once = await asking([cutOff], { retries: 0 })
  t.match(await failureOf(once.client.coins.list()), {
    status: 0,
    code: 'NETWORK',
    message: /GET http.*: fetch failed/,
  })
  t.equal(once.server.asked.length, 1)
})

t.test('a refusal is told at once, with all that the server says of it', async (t) => {
  const candidates = [{ coinId: 'b', symbol: 'B', name: 'B', marketCapRank: 1 }]
  const details = [{ path: '/symbol', message: 'is shared' }]
  const body = { success: false, error: 'Which one?', code: 'QUERY_SYMBOL_AMBIGUOUS', details, candidates }
  await using asked = await asking([json(409, body)])
  t.match(await failureOf(asked.client.coins.bySymbol('a/b ?')), {
    name: 'ApiError',
    status: 409,
    code: 'QUERY_SYMBOL_AMBIGUOUS',
    message: 'Which one?',
    details,
    candidates,
  })
  t.strictSame(asked.server.asked, ['GET /api/coins/by-symbol/a%2Fb%20%3F'])
})

t.test('Retry-After is kept to, in seconds or as a date; where it is long, the caller is told', async (t) => {
  await using asked = await asking([
    json(429, {}, { 'retry-after': '3' }),
    json(503, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }),
    GOOD,
  ])
  await asked.client.signals.list()
  t.strictSame(asked.waits, [3_000, 9_000])
  await using long = await asking([json(429, {}, { 'retry-after': '11' }), GOOD])
  t.match(await failureOf(long.client.signals.list()), { status: 429, code: 'HTTP_429', retryAfterMs: 11_000 })
  await using odd = await asking([json(429, {}, { 'retry-after': 'soon' }), GOOD])
  await odd.client.signals.list()
  t.strictSame(odd.waits, [250])
})

t.test('what changes something is asked for once, unless it was never sent', async (t) => {
  const request = { coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 1 } } as const
  for (const fault of [cutOff, BUSY, json(429, {}, { 'retry-after': '1' })]) {
    await using asked = await asking([fault])
    await failureOf(asked.client.alerts.create(request))
    await failureOf(asked.client.alerts.remove('01890a5d-ac96-774b-bcce-b302099a8057'))
    t.strictSame(asked.waits, [])
    t.strictSame(asked.server.asked, ['POST /api/alerts', 'DELETE /api/alerts/01890a5d-ac96-774b-bcce-b302099a8057'])
  }
  await using unsent = await asking([], { baseUrl: `http://127.0.0.1:${await freePort()}` })
  t.match(await failureOf(unsent.client.alerts.create(request)), { code: 'NETWORK', message: /ECONNREFUSED/ })
  t.strictSame(unsent.waits, [250, 500])
})

t.test('a body is sent as JSON, and headers with every request', async (t) => {
  let body = ''
  const alert: Script = (response, request) => {
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => json(201, { success: true, data: { alertId: 'x' } })(response, request))
  }
  await using asked = await asking([alert, GOOD], { headers: { 'x-api-key': 'secret' } })
  await asked.client.alerts.create({ coinId: 'b', alertType: 'strong_signal' })
  await asked.client.coins.list({ page: 2, symbol: 'a&b' })
  t.strictSame(JSON.parse(body), { coinId: 'b', alertType: 'strong_signal' })
  t.equal(asked.server.asked[1], 'GET /api/coins?page=2&symbol=a%26b')
  t.strictSame(
    asked.server.headers.map((headers) => headers['x-api-key']),
    ['secret', 'secret'],
  )
  t.match(asked.server.headers[0], { 'content-type': /application\/json/ })
})

t.test('health resolves whenever the server says how it is', async (t) => {
  const health = { success: false, status: 'WARNING', reasons: ['the first sweep still runs'] }
  await using asked = await asking([json(503, health), json(200, { ...health, status: 'OK' }), BUSY])
  t.match(await asked.client.health(), health)
  t.equal((await asked.client.health()).status, 'OK')
  t.match(await failureOf(asked.client.health()), { status: 503, code: 'HTTP_UNAVAILABLE' })
})

t.test('what no server of ours says is an error, not an answer', async (t) => {
  const page: Script = (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
  for (const answer of [page, json(200, null), json(200, 'x'), json(200, { data: [] }), json(200, { success: 1 })]) {
    await using asked = await asking([answer])
    t.match(await failureOf(asked.client.coverage()), { status: 200, code: 'BAD_ANSWER' })
  }
  for (const body of [null, 'x', { error: 5, code: {}, details: 'x', candidates: 7 }]) {
    await using asked = await asking([json(404, body)])
    t.match(await failureOf(asked.client.coins.get('x')), {
      status: 404,
      code: 'HTTP_404',
      details: [],
      candidates: [],
    })
  }
})

t.test('an answer that is longer than any of ours is not held', async (t) => {
  const endless: Script = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (response.write(' '.repeat(1_000_000)));
      response.once('drain', more)
    }
    more()
  }
  await using asked = await asking([endless])
  t.match(await failureOf(asked.client.coverage()), { code: 'BAD_ANSWER', message: /longer than/ })
  await until(() => asked.server.open() === 0)
})

t.test('an id or a search with half a character is not sent, and an error like any other', async (t) => {
  await using asked = await asking([])
  const { coins, signals } = asked.client
  for (const work of [coins.get('\ud800'), coins.bySymbol('a\udc00'), signals.search('\ud800')])
    t.match(await failureOf(work), { status: 0, code: 'UNSENDABLE' })
  t.strictSame(asked.server.asked, [])
})

for (const [what, script] of [
  ['the head', silence],
  ['the rest of a body', unfinished('{')],
] as const)
  t.test(`waits for ${what} as long as it may, on each try, and lets go of the connection`, async (t) => {
    await using server = await startScriptedServer([script])
    const clock = new FakeClock()
    const client = clientWith({ baseUrl: server.url, retries: 1, timeoutMs: 5_000 }, { clock, random: () => 0 })
    const failure = failureOf(client.market())
    for (const tries of [1, 2]) {
      await until(() => server.asked.length === tries && clock.sleeping > 0)
      await clock.advance(4_999)
      t.equal(server.open(), 1)
      await clock.advance(1)
      await until(() => server.open() === 0)
      await clock.advance(250)
    }
    t.match(await failure, { status: 0, code: 'TIMEOUT', message: /nothing came within 5000 ms/ })
  })

for (const [what, status, told] of [
  ['an answer', 200, { code: 'TIMEOUT' }],
  ['what a failure says', 500, { status: 500 }],
] as const)
  t.test(`${what} that comes drop by drop has no more time than any other`, async (t) => {
    const drops: (() => void)[] = []
    const dripping: Script = (response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.write('{')
      drops.push(() => response.write(' '))
    }
    await using server = await startScriptedServer([dripping])
    const clock = new FakeClock()
    let sleeps = 0
    const sleep = (ms: number, signal?: AbortSignal) => {
      sleeps++
      return clock.sleep(ms, signal)
    }
    const counted = { now: () => clock.now(), sleep }
    const client = clientWith(
      { baseUrl: server.url, retries: 0, timeoutMs: 5_000 },
      { clock: counted, random: () => 0 },
    )
    const failure = failureOf(client.market())
    // The limit for the head, that for all of it and that for the next piece, twice: the first piece has come.
    await until(() => sleeps === 4)
    await clock.advance(3_000)
    drops[0]?.()
    await until(() => sleeps === 5)
    await clock.advance(2_000)
    t.match(await failure, told)
    await until(() => server.open() === 0)
  })

t.test('a call that is given up rejects with the reason, whatever it was waiting for', async (t) => {
  const reason = new Error('enough')
  const givenUp = async (work: (client: Client, signal: AbortSignal) => Promise<unknown>, script: Script) => {
    await using server = await startScriptedServer([script])
    const clock = new FakeClock()
    const client = clientWith({ baseUrl: server.url }, { clock, random: () => 0 })
    const controller = new AbortController()
    const given = work(client, controller.signal)
    await until(() => clock.sleeping > 0 && server.asked.length === 1)
    controller.abort(reason)
    await t.rejects(given, reason)
    await until(() => server.open() === 0)
    t.equal(clock.sleeping, 0)
  }
  await givenUp((client, signal) => client.signals.stats({ signal }), silence)
  await givenUp((client, signal) => client.signals.search('x', { limit: 5 }, { signal }), unfinished('{'))
  await givenUp((client, signal) => client.coins.get('x', { signal }), BUSY)
  await givenUp((client, signal) => client.exportRows({}, { signal }), silence)
  await using asked = await asking([GOOD])
  await t.rejects(asked.client.coins.get('x', { signal: AbortSignal.abort(reason) }), reason)
})

t.test('a redirect is not followed: it would take the headers along to another server', async (t) => {
  await using elsewhere = await startScriptedServer([GOOD])
  const redirect: Script = (response) => void response.writeHead(302, { location: `${elsewhere.url}/api/coins` }).end()
  await using asked = await asking([redirect], { retries: 0, headers: { 'x-key': 'secret' } })
  t.match(await failureOf(asked.client.coins.list()), { status: 0, code: 'NETWORK' })
  t.strictSame(elsewhere.asked, [])
})

t.test('an address that is none is told at once', async (t) => {
  t.throws(() => clientWith({ baseUrl: 'nowhere' }, { clock: new FakeClock(), random: () => 0 }), TypeError)
  const { baseUrl } = clientWith({ baseUrl: 'http://a.example/sub//' }, { clock: new FakeClock(), random: () => 0 })
  t.equal(baseUrl, 'http://a.example/sub')
})
