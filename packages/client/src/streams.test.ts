import { FakeClock, until } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { cutAt, fetchOf } from '../test/byte-fetch.ts'
import { createQuickClock } from '../test/quick-clock.ts'
import { cutOff, json, type Script, silence, startScriptedServer, unfinished } from '../test/scripted-server.ts'
import type { ApiError } from './api-error.ts'
import type { ClientOptions } from './client.ts'
import { clientWith } from './create-client.ts'
import type { StreamOptions } from './stream.ts'
import type { MarketRow, StreamMessage } from './types.ts'

const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' }
const ROWS = { 'x-data-version': '1-a', 'x-market-source': 'simulated' }
const AT = '2026-01-01T00:00:00.000Z'

const row = (coinId: string) => ({ coinId, name: 'é€😀' }) as MarketRow
const hello: StreamMessage = { event: 'hello', id: '1-a', data: { version: '1-a', source: 'simulated', at: AT } }
const reset: StreamMessage = { event: 'reset', data: { reason: 'snapshot', at: AT } }
const changes = (version: string, more = false): StreamMessage => ({
  event: 'changes',
  ...(!more && { id: version }),
  data: { version, at: AT, rows: [row('a')], left: ['b'], more },
})
const eventOf = ({ event, id, data }: StreamMessage, end = '\n') =>
  [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data:${JSON.stringify(data)}`, '', ''].join(end)

/** The script of a stream that says this and then ends, or stays open. */
const saying =
  (said: (StreamMessage | string)[], { ends = true } = {}): Script =>
  (response) => {
    response.writeHead(200, EVENTS)
    response.write(said.map((part) => (typeof part === 'string' ? part : eventOf(part))).join(''))
    if (ends) response.end()
  }

/** Follows a scripted server until it has been asked `until` times; what came, how long was waited and why. */
async function following(script: Script[], options: StreamOptions & { times?: number } = {}) {
  await using server = await startScriptedServer(script)
  const clock = createQuickClock()
  const client = clientWith({ baseUrl: server.url, timeoutMs: 60_000 }, { clock, random: () => 0 })
  const states: string[] = []
  const stop = new AbortController()
  const came: StreamMessage[] = []
  const onState = (state: string, error?: ApiError) => {
    states.push(error === undefined ? state : `${state} ${error.status} ${error.code}`)
    if (state === 'waiting' && server.asked.length >= (options.times ?? script.length)) stop.abort()
  }
  for await (const message of client.stream({}, { ...options, signal: stop.signal, onState })) came.push(message)
  return { came, waits: clock.waits, states, asked: server.asked, headers: server.headers }
}

const clientAt = (baseUrl: string, options: Partial<ClientOptions> = {}) =>
  clientWith({ baseUrl, timeoutMs: 60_000, ...options }, { clock: createQuickClock(), random: () => 0 })
const clientOf = (fetch: ClientOptions['fetch']) => clientAt('http://any', { fetch })

const collected = async <T>(all: AsyncIterable<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> => {
  const items: T[] = []
  for await (const item of all) if (items.push(item) >= count) break
  return items
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })

t.test('messages are the same wherever their bytes are cut', async (t) => {
  const said = [hello, changes('2-b', true), changes('2-b'), reset, changes('3-c')]
  const streams = ['\n', '\r\n', '\r'].map((end) =>
    Buffer.from(`\uFEFF: beat${end}${end}${said.map((message) => eventOf(message, end)).join(`:${end}`)}:${end}`),
  )
  const came = (pieces: Uint8Array[]) =>
    collected(clientOf(fetchOf(pieces, { headers: EVENTS, ends: false })).stream(), said.length)
  for (const bytes of streams) {
    t.strictSame(await came([...bytes].map((byte) => Uint8Array.of(byte))), said, 'each byte on its own')
    const property = fc.asyncProperty(places, async (places) => {
      t.strictSame(await came(cutAt(bytes, places)), said)
      return t.passing()
    })
    await fc.assert(property, { numRuns: 50 })
  }
})

t.test('rows of an export are the same wherever their bytes are cut, with or without a last line feed', async (t) => {
  const all = [row('a'), row('b'), row('c')]
  for (const last of ['', '\n', '\n\n']) {
    const bytes = Buffer.from(all.map((row) => JSON.stringify(row)).join('\n') + last)
    const property = fc.asyncProperty(places, async (places) => {
      const got = await clientOf(fetchOf(cutAt(bytes, places), { headers: ROWS })).exportRows()
      t.strictSame(await collected(got.rows), all)
      t.match(got, { version: '1-a', source: 'simulated' })
      return t.passing()
    })
    await fc.assert(property, { numRuns: 50 })
  }
})

t.test('a stream goes on where it broke off, and asks for it', async (t) => {
  const { came, asked, headers, states } = await following(
    [saying([hello]), saying([changes('2-b')]), cutOff, saying([changes('3-c', true)]), saying([])],
    { since: '0-z' },
  )
  t.strictSame(came, [hello, changes('2-b'), changes('3-c', true)])
  t.strictSame(new Set(asked), new Set(['GET /api/stream?since=0-z']))
  t.strictSame(
    headers.map((headers) => headers['last-event-id']),
    [undefined, '1-a', '2-b', '2-b', '2-b'],
  )
  t.match(headers[0], { accept: 'text/event-stream' })
  t.strictSame(states.slice(0, 3), ['connecting', 'open', 'waiting'])
  t.strictSame(states.slice(6, 9), ['connecting', 'waiting 0 NETWORK', 'connecting'])
})

t.test('broken off between a reset and the last of all rows, it begins with all rows again', async (t) => {
  const { asked, headers } = await following(
    [saying([hello, reset, changes('2-b', true)]), saying([reset, changes('2-b')]), saying([])],
    { since: '0-z' },
  )
  t.strictSame(asked, ['GET /api/stream?since=0-z', 'GET /api/stream?snapshot=true', 'GET /api/stream?snapshot=true'])
  t.strictSame(
    headers.map((headers) => headers['last-event-id']),
    [undefined, undefined, '2-b'],
  )
})

t.test('waits grow while nothing comes of it, up to ten seconds, and begin anew when something did', async (t) => {
  const dead = Array.from({ length: 6 }, () => cutOff)
  const { waits } = await following([...dead, saying([hello]), saying([hello, changes('2-b')]), cutOff, cutOff, cutOff])
  t.strictSame(waits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 1_000, 2_000, 4_000])
})

t.test('waits as long as the server asks: by `retry`, by Retry-After', async (t) => {
  const { waits, states } = await following([
    saying(['retry: 3500\n\n', hello]),
    saying(['retry: 0\n\n', hello, changes('2-b')]),
    json(429, {}, { 'retry-after': '12' }),
    json(503, {}, { 'retry-after': '1' }),
    saying(['retry: 99999999999999\n\n', hello, changes('3-c')]),
  ])
  t.strictSame(waits, [3_500, 250, 12_000, 1_000])
  t.ok(states.includes('waiting 429 HTTP_429') && states.includes('waiting 503 HTTP_503'), states.join())
})

t.test('a refusal ends the stream: it would be said again', async (t) => {
  for (const status of [400, 401, 403, 404, 410]) {
    const failure = await following([json(status, { code: 'NO', error: 'No' })]).catch((error) => error)
    t.match(failure, { name: 'ApiError', status, code: 'NO' })
  }
})

t.test('what is no stream, or broken, is a fault like any other, and bounded', async (t) => {
  const endless =
    (line: string): Script =>
    (response) => {
      response.writeHead(200, EVENTS)
      const more = () => {
        while (response.write(line));
        response.once('drain', more)
      }
      more()
    }
  const bad = [
    unfinished('<html>', { 'content-type': 'text/html' }),
    saying(['event: changes\ndata: {"version":\n\n'], { ends: false }),
    saying(['event: hello\ndata: null\n\n'], { ends: false }),
    saying(['event: changes\ndata: {"version":"1-a","rows":[{}],"left":[],"more":false}\n\n'], { ends: false }),
    saying(['event: changes\ndata: {"version":"1-a","rows":[],"left":[5],"more":false}\n\n'], { ends: false }),
    saying(['\u0000\uFFFD\nevent: alert\ndata: []\n\n'], { ends: false }),
    endless(`data: ${'x'.repeat(100_000)}`),
    endless(`data: ${'x'.repeat(100_000)}\n`),
  ]
  const { states, came } = await following(bad)
  t.strictSame(came, [])
  t.equal(states.filter((state) => state === 'waiting 200 BAD_ANSWER').length, bad.length, states.join())
})

t.test('messages of a kind it does not know are left out, good ones before a broken one are not', async (t) => {
  const { came } = await following([
    saying(['event: weather\ndata: x\n\n', 'data: {}\n\n', hello, 'event: reset\ndata: {\n\n', changes('2-b')]),
  ])
  t.strictSame(came, [hello])
})

t.test('half a minute of silence is a dead connection; a beat is none', async (t) => {
  const beats: (() => void)[] = []
  await using server = await startScriptedServer([
    (response) => {
      response.writeHead(200, EVENTS).flushHeaders()
      beats.push(() => response.write(': beat\n\n'))
    },
    silence,
  ])
  const clock = new FakeClock()
  const states: string[] = []
  const stop = new AbortController()
  let sleeps = 0
  const sleep = (ms: number, signal?: AbortSignal) => {
    sleeps++
    return clock.sleep(ms, signal)
  }
  const client = clientWith({ baseUrl: server.url }, { clock: { now: () => clock.now(), sleep }, random: () => 0 })
  const onState = (state: string, error?: ApiError) => states.push(`${state} ${error?.code ?? ''}`.trim())
  const done = collected(client.stream({}, { signal: stop.signal, onState }))
  await until(() => states.includes('open') && clock.sleeping === 1)
  for (let beat = 0; beat < 3; beat++) {
    await clock.advance(29_000)
    const before = sleeps
    beats[0]?.()
    await until(() => sleeps > before)
  }
  await clock.advance(29_999)
  t.strictSame(states, ['connecting', 'open'])
  await clock.advance(1)
  await until(() => server.open() === 0)
  t.strictSame(states, ['connecting', 'open', 'waiting TIMEOUT'])
  stop.abort()
  t.strictSame(await done, [])
})

t.test(
  'a stream ends at once when it is left or aborted, whatever it is doing, and lets go of the connection',
  async (t) => {
    const aborted = async (script: Script, isReached: (state: string, asked: number) => boolean) => {
      await using server = await startScriptedServer([script])
      let state = ''
      const stop = new AbortController()
      const client = clientWith({ baseUrl: server.url }, { clock: new FakeClock(), random: () => 0 })
      const onState = (next: string) => {
        state = next
      }
      const done = collected(client.stream({}, { signal: stop.signal, onState }))
      await until(() => isReached(state, server.asked.length))
      stop.abort()
      await done
      await until(() => server.open() === 0)
    }
    await using page = await startScriptedServer([unfinished('<html>', { 'content-type': 'text/html' })])
    const stopped = new AbortController()
    const onPage = clientWith({ baseUrl: page.url }, { clock: new FakeClock(), random: () => 0 })
    const waiting = collected(onPage.stream({}, { signal: stopped.signal }))
    await until(() => page.asked.length === 1 && page.open() === 0)
    stopped.abort()
    await waiting

    await aborted(silence, (state, asked) => state === 'connecting' && asked === 1)
    await aborted(saying([hello], { ends: false }), (state) => state === 'open')
    await aborted(cutOff, (state) => state === 'waiting')

    await using server = await startScriptedServer([saying([hello, changes('2-b')], { ends: false })])
    const client = clientWith({ baseUrl: server.url }, { clock: new FakeClock(), random: () => 0 })
    t.strictSame(await collected(client.stream(), 1), [hello])
    await until(() => server.open() === 0)
    const stop = new AbortController()
    const came: StreamMessage[] = []
    for await (const message of client.stream({}, { signal: stop.signal })) {
      came.push(message)
      stop.abort()
    }
    t.strictSame(came, [hello], 'also not with what had come already')
  },
)

t.test('an export that is none, or breaks off, is an error, not fewer rows', async (t) => {
  const exported = (script: Script) =>
    startScriptedServer([script]).then(async (server) => {
      await using _server = server
      const client = clientAt(server.url, { retries: 0 })
      return collected((await client.exportRows()).rows).catch((error) => error)
    })
  const lines =
    (text: string): Script =>
    (response) =>
      void response.writeHead(200, ROWS).end(text)
  t.strictSame(await exported(lines('')), [])
  for (const text of ['{"coinId":"a"}\n{"coin', 'null\n', '[]\n', '{"coinId":5}', `"${'x'.repeat(70_000)}`])
    t.match(await exported(lines(text)), { name: 'ApiError', code: 'BAD_ANSWER' }, text.slice(0, 20))
  const cut: Script = (response) => {
    response.writeHead(200, ROWS)
    response.write('{"coinId":"a"}\n', () => response.socket?.destroy())
  }
  t.match(await exported(cut), { name: 'ApiError', code: 'NETWORK' })
  const failure = await exported(json(200, {})).catch((error) => error)
  t.match(failure, { name: 'ApiError', code: 'BAD_ANSWER', message: /version and source/ })
})

t.test('a filter is asked for as the server wants it, with lists as arrays or as text', async (t) => {
  await using server = await startScriptedServer([json(404, {})])
  const client = clientAt(`${server.url}/`)
  const filter = {
    coins: ['a b', 'c'],
    actions: ['buy', 'strong_buy'],
    timeframe: 'SCALPING',
    min_change: 0.5,
  } as const
  await t.rejects(client.exportRows(filter))
  await t.rejects(client.signals.delta({ coins: 'a b,c', since: '1-a' }))
  await t.rejects(collected(client.stream({ actions: 'buy' }, { snapshot: true })))
  t.strictSame(server.asked, [
    'GET /api/export.ndjson?timeframe=SCALPING&min_change=0.5&coins=a+b%2Cc&actions=buy%2Cstrong_buy',
    'GET /api/signals/delta?since=1-a&coins=a%20b%2Cc',
    'GET /api/stream?actions=buy&snapshot=true',
  ])
})
