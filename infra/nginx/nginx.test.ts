import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import t from 'tap'
import { HTTP_ERRORS } from '../../packages/service/src/index.ts'
import { until } from '../../packages/testing/src/index.ts'
import { freePort } from '../../services/standalone/test/product.ts'
import { startDns } from '../test/dns.ts'
import { NGINX_MISSING, startNginx } from '../test/nginx.ts'

const [ONE, TWO] = ['127.0.0.2', '127.0.0.3']
const dns = await startDns()
const gatewayPort = await freePort()
const nginx = await startNginx({ dnsPort: dns.port, gatewayPort })

t.test('nginx with the configuration of the containers', { skip: nginx === null && NGINX_MISSING }, async (t) => {
  t.after(async () => {
    await nginx?.[Symbol.asyncDispose]()
    await dns[Symbol.asyncDispose]()
  })
  const gateways = [await startGateway(ONE), await startGateway(TWO)] as const
  t.after(() => Promise.all(gateways.map((gateway) => gateway[Symbol.asyncDispose]())))

  t.test('says that nothing is available, in the words of the API, while there is no gateway', async (t) => {
    const answer = await fetch(`${nginx?.url}/api/signals?none`)
    t.strictSame([answer.status, await answer.json()], [503, failure('HTTP_UNAVAILABLE')])
    t.match(answer.headers.get('content-type'), /^application\/json/)
    dns.addresses.set('gateway', [ONE, TWO])
    await until(async () => (await get('/api/signals?none')).status === 200)
  })

  t.test('spreads what is not kept over all gateways', async (t) => {
    // Whoever waits while a worker of nginx looks the name up is sent to the first address: only those who come later are spread.
    await until(async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => get(`/api/alerts?n=${index}`)))
      return gateways.every(({ seen }) => seen.some((url) => url.startsWith('/api/alerts')))
    })
    t.pass()
  })

  t.test('keeps an answer as long as Cache-Control says, and revalidates it by its ETag', async (t) => {
    const [first, second] = [await get('/api/signals?kept'), await get('/api/signals?kept')]
    t.strictSame([first.cache, second.cache], ['MISS', 'HIT'])
    t.strictSame([second.body, second.headers.get('etag')], [first.body, 'W/"v1"'])
    await until(async () => (await get('/api/signals?kept')).cache === 'REVALIDATED')
    t.equal(seen('/api/signals?kept').length, 2)
  })

  t.test('answers 304 itself to whoever has the version that is kept', async (t) => {
    await get('/api/signals?known')
    const known = await get('/api/signals?known', { headers: { 'if-none-match': 'W/"v1"' } })
    t.strictSame([known.status, seen('/api/signals?known').length], [304, 1])
  })

  t.test('makes one question of many who ask the same at once', async (t) => {
    const all = await Promise.all(Array.from({ length: 30 }, () => get('/api/signals?slow')))
    t.ok(all.every(({ status }) => status === 200))
    t.equal(seen('/api/signals?slow').length, 1)
  })

  t.test('never keeps alerts, health and what has no Cache-Control, whatever the gateway says of it', async (t) => {
    const paths = [
      '/api/alerts',
      '/api/alerts/triggered',
      '/api/alerts/some-id',
      '/api/%61lerts',
      '/api//alerts',
      '/api/health',
      '/livez',
      '/readyz',
    ]
    for (const path of [...paths, '/api/signals?plain', '/api/signals?private']) {
      const before = seen(path).length
      for (let time = 0; time < 3; time++) await get(path)
      t.equal(seen(path).length - before, 3, path)
    }
    await get('/api/signals?posted', { method: 'POST', body: '{}' })
    t.equal((await get('/api/signals?posted', { method: 'POST', body: '{}' })).cache, null, 'a write is no read')
  })

  t.test('lets nobody through to the metrics, however the path is written', async (t) => {
    for (const path of ['/metrics', '/metrics?x', '//metrics', '/%6detrics', '/./metrics', '/api/../metrics']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      t.match(answer, /^HTTP\/1\.1 403 /, path)
      t.match(answer, JSON.stringify(failure('HTTP_FORBIDDEN')))
    }
    t.strictSame(
      gateways.flatMap(({ seen }) => seen).filter((url) => url.includes('etrics')),
      [],
    )
  })

  t.test('tells the gateway who asks, in place of what the caller says', async (t) => {
    const forged = { 'x-forwarded-for': '8.8.8.8', forwarded: 'for=8.8.8.8', 'x-request-id': 'mine-1' }
    const { body, headers } = await get('/api/alerts?who', { headers: forged })
    const told = JSON.parse(body).headers
    t.equal(told['x-forwarded-for'], '127.0.0.1')
    t.strictSame([told.forwarded, told['x-request-id'], headers.get('x-request-id')], [undefined, 'mine-1', 'mine-1'])
    const harmful = await get('/api/alerts?who', { headers: { 'x-request-id': 'a'.repeat(65) } })
    t.match(JSON.parse(harmful.body).headers['x-request-id'], /^[0-9a-f]{32}$/)
  })

  t.test('tells of requests left only whom it concerns', async (t) => {
    const [first, second] = [await get('/api/signals?left'), await get('/api/signals?left')]
    t.equal(first.headers.get('ratelimit'), '"default";r=9;t=60')
    t.strictSame([second.cache, second.headers.get('ratelimit')], ['HIT', null])
    t.equal(second.headers.get('ratelimit-policy'), '"default";q=600;w=60')
  })

  t.test('compresses for whoever can read that, under the same weak ETag', async (t) => {
    const answer = await fetch(`${nginx?.url}/api/signals?long`, { headers: { 'accept-encoding': 'gzip' } })
    t.strictSame([answer.headers.get('content-encoding'), answer.headers.get('etag')], ['gzip', 'W/"v1"'])
    t.equal((await answer.text()).length, 10_000)
  })

  t.test('hands each message of a stream on at once, with the version that it goes on from', async (t) => {
    const gone = new AbortController()
    t.after(() => gone.abort())
    const headers = { 'last-event-id': 'v-7', 'x-forwarded-for': '8.8.8.8', 'accept-encoding': 'gzip' }
    const answer = await fetch(`${nginx?.url}/api/stream?coins=a`, { headers, signal: gone.signal })
    t.strictSame([answer.headers.get('content-encoding'), answer.headers.get('x-cache')], [null, null])
    t.match(answer.headers.get('x-request-id'), /^[0-9a-f]{32}$/)
    let said = ''
    const read = async () => {
      for await (const chunk of answer.body ?? []) said += Buffer.from(chunk).toString()
    }
    read().catch(() => undefined)
    await until(() => said.includes('event: hello'))
    const [stream] = gateways.flatMap(({ streams }) => streams)
    t.match(stream?.headers, {
      'last-event-id': 'v-7',
      'x-forwarded-for': '127.0.0.1',
      host: new URL(nginx?.url ?? '').host,
    })
    for (const part of ['data: 1\n\n', 'data: 2\n\n', 'data: ', '3\n\n']) {
      stream?.reply.write(part)
      await until(() => said.endsWith(part))
    }
    gone.abort()
    await until(() => stream?.reply.closed === true)
    t.pass('and the gateway hears at once that its caller has gone')
  })

  t.test('carries a WebSocket both ways', async (t) => {
    const socket = new WebSocket(`${nginx?.url.replace('http', 'ws')}/api/stream/ws?coins=a`)
    const heard: string[] = []
    socket.addEventListener('message', ({ data }) => heard.push(String(data)))
    await until(() => heard.includes('/api/stream/ws?coins=a'))
    socket.send('x')
    await until(() => heard.includes('heard'))
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
    for (const { tunnels } of gateways) for (const tunnel of tunnels) tunnel.destroy()
    await closed
    t.equal((await get('/api/stream/ws')).status, 426, 'and lets the gateway say what it thinks of those who want none')
  })

  t.test('keeps the files of the page, and never the page itself or a whole market', async (t) => {
    for (const time of ['first', 'second']) {
      const file = await get('/assets/index-Ab12_-9z.js')
      t.strictSame([file.cache, file.body], [time === 'first' ? 'MISS' : 'HIT', 'script'], time)
      t.match(file.headers.get('cache-control'), /immutable/)
      for (const path of ['/', '/coin/bitcoin', '/api/export.csv', '/api/export.ndjson?coins=a']) {
        t.not((await get(path)).cache, 'HIT', path)
      }
    }
    for (const path of ['/', '/coin/bitcoin', '/api/export.csv', '/api/export.ndjson?coins=a']) {
      t.equal(seen(path).length, 2, path)
    }
    t.equal(seen('/assets/index-Ab12_-9z.js').length, 1)
    t.equal((await get('/')).headers.get('content-security-policy'), "default-src 'none'")
    const zipped = await fetch(`${nginx?.url}/api/export.csv`, { headers: { 'accept-encoding': 'gzip' } })
    t.equal(zipped.headers.get('content-encoding'), null, 'what was not compressed is not either')
  })

  t.test('says in the words of the API what it refuses itself', async (t) => {
    const large = await get('/api/alerts', { method: 'POST', body: 'x'.repeat(64 * 1024 + 1) })
    t.strictSame([large.status, JSON.parse(large.body)], [413, failure('HTTP_BODY_TOO_LARGE')])
    const requests = {
      HTTP_INVALID_REQUEST: 'GET /api/signals HTTP/1.1\r\n\r\n',
      HTTP_URL_TOO_LONG: `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      HTTP_HEADERS_TOO_LARGE: `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`,
    } as const
    for (const [code, request] of Object.entries(requests)) {
      const answer = await raw(request)
      const { status } = HTTP_ERRORS[code as keyof typeof requests]
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), code)
      t.match(answer, JSON.stringify(failure(code as keyof typeof requests)), code)
    }
  })

  t.test(
    'asks another gateway when one is gone or says that it cannot, but never repeats a write that was sent',
    async (t) => {
      gateways[0].mood = 'unavailable'
      for (let time = 0; time < 6; time++) t.equal((await get(`/api/alerts?again=${time}`)).status, 200)
      gateways[0].mood = 'drops'
      const statuses = new Set<number>()
      await until(async () => {
        const writes = Array.from({ length: 12 }, () =>
          get(`/api/alerts?write=${randomUUID()}`, { method: 'POST', body: '{}' }),
        )
        for (const { status } of await Promise.all(writes)) statuses.add(status)
        return statuses.size > 1
      })
      t.strictSame(statuses, new Set([200, 503]))
      const sent = gateways.flatMap(({ seen }) => seen).filter((url) => url.includes('?write='))
      t.equal(sent.length, new Set(sent).size, 'each came to one gateway only')
      await gateways[0].stop()
      for (let time = 0; time < 6; time++) {
        const write = await get(`/api/alerts?refused=${time}`, { method: 'POST', body: '{}' })
        t.equal(write.status, 200, 'one that could not be sent goes elsewhere')
      }
    },
  )

  t.test('finds gateways that come and go', async (t) => {
    dns.addresses.set('gateway', [ONE])
    await gateways[0].start()
    await gateways[1].stop()
    await until(async () => (await get('/api/alerts?moved')).status === 200)
    t.ok(gateways[0].seen.includes('/api/alerts?moved'))
  })

  t.test('answers with what it kept while no gateway does, and says so', async (t) => {
    const before = await get('/api/signals?last')
    await gateways[0].stop()
    await until(async () => (await get('/api/signals?last')).cache === 'STALE')
    const stale = await get('/api/signals?last')
    t.strictSame([stale.status, stale.body], [200, before.body])
    t.equal((await get('/api/alerts')).status, 503, 'but never alerts')
  })

  function seen(path: string) {
    return gateways.flatMap((gateway) => gateway.seen.filter((url) => url === path))
  }
})

interface Gateway extends AsyncDisposable {
  /** The URLs it was asked for, since it was made. */
  readonly seen: string[]
  /** The streams that it was asked for, which never end by themselves. */
  readonly streams: { headers: IncomingMessage['headers']; reply: ServerResponse }[]
  /** The connections that became WebSockets. */
  readonly tunnels: Duplex[]
  mood: 'well' | 'unavailable' | 'drops'
  start(): Promise<void>
  stop(): Promise<void>
}

/** Stands in for a gateway at one address: answers as a URL's query asks it to. */
async function startGateway(address: string): Promise<Gateway> {
  let server: Server | undefined
  const gateway: Gateway = {
    seen: [],
    streams: [],
    tunnels: [],
    mood: 'well',
    async start() {
      gateway.mood = 'well'
      server = createServer((request, reply) => answer(gateway, request, reply))
      server.on('upgrade', (request: IncomingMessage, socket: Duplex) => upgrade(gateway, request, socket))
      await new Promise<void>((resolve) => server?.listen(gatewayPort, address, resolve))
    },
    async stop() {
      server?.closeAllConnections()
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
      server = undefined
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  }
  await gateway.start()
  return gateway
}

/** A WebSocket that says its URL, and to whatever it is told that it heard. */
function upgrade({ tunnels }: Gateway, { url = '', headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  const say = (text: string) => socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]))
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
  )
  tunnels.push(socket)
  say(url)
  socket.on('data', () => say('heard')).on('error', () => undefined)
}

function answer({ seen, mood, streams }: Gateway, request: IncomingMessage, reply: ServerResponse): unknown {
  const { url = '', headers } = request
  seen.push(url)
  if (url.startsWith('/api/stream/ws')) return reply.writeHead(426).end()
  if (url.startsWith('/api/stream')) {
    reply.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: hello\n\n')
    return streams.push({ headers, reply })
  }
  if (url.startsWith('/assets/')) {
    reply.setHeader('cache-control', 'public, max-age=31536000, immutable').setHeader('vary', 'accept-encoding')
    return reply.end('script')
  }
  if (url === '/' || url.startsWith('/coin/')) {
    reply.setHeader('cache-control', 'no-cache').setHeader('content-security-policy', "default-src 'none'")
    return reply.setHeader('etag', 'W/"p"').end('page')
  }
  if (url.startsWith('/api/export.')) {
    reply.setHeader('cache-control', 'public, max-age=5').setHeader('content-type', 'text/csv')
    return reply.end('row\n'.repeat(1_000))
  }
  if (mood === 'drops') return request.socket.destroy()
  if (mood === 'unavailable') return reply.writeHead(503).end()
  const [path = '', how = ''] = url.split('?')
  const isKept = path === '/api/signals' && how !== 'plain'
  reply.setHeader('content-type', 'application/json; charset=utf-8')
  reply.setHeader('ratelimit', '"default";r=9;t=60').setHeader('ratelimit-policy', '"default";q=600;w=60')
  reply.setHeader('x-request-id', String(headers['x-request-id']))
  if (how === 'private') reply.setHeader('cache-control', 'no-store')
  else if (isKept || path !== '/api/signals')
    reply.setHeader('cache-control', 'public, max-age=1').setHeader('etag', 'W/"v1"')
  if (isKept && headers['if-none-match'] === 'W/"v1"') return reply.writeHead(304).end()
  const body = how === 'long' ? 'x'.repeat(10_000) : JSON.stringify({ url, headers })
  return how === 'slow' ? setTimeout(() => reply.end(body), 100) : reply.end(body)
}

async function get(path: string, init?: RequestInit) {
  const answer = await fetch(`${nginx?.url}${path}`, init)
  return {
    status: answer.status,
    headers: answer.headers,
    cache: answer.headers.get('x-cache'),
    body: await answer.text(),
  }
}

/** What comes back for bytes that no HTTP client would send. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const { hostname, port } = new URL(nginx?.url ?? '')
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.on('data', (chunk) => (said += String(chunk)))
    socket.on('error', reject).on('close', () => resolve(said))
  })
}

function failure(code: keyof typeof HTTP_ERRORS) {
  return { success: false, error: HTTP_ERRORS[code].error, code }
}
