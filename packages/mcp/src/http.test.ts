import { once } from 'node:events'
import { createServer as createApi, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createClient } from '@crypto-signals/client'
import { until } from '@crypto-signals/testing'
import t from 'tap'
import { serveHttp } from './http.ts'
import { createServer } from './server.ts'

// An API that answers only what it is told to.
const waiting: ServerResponse[] = []
const api = createApi((_request, response) => void waiting.push(response)).listen(0, '127.0.0.1')
await once(api, 'listening')
const told: string[] = []
const client = createClient({ baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, retries: 0 })
const parts = { client, allowWrites: false, now: Date.now, tell: (line: string) => void told.push(line) }
const served = await serveHttp(() => createServer(parts), { host: '127.0.0.1', port: 0, allowedHosts: [] })
const { port } = new URL(served.address)
t.teardown(() => {
  served.close()
  api.close()
  api.closeAllConnections()
})

const answers = (body: unknown, status = 200) => {
  for (const response of waiting.splice(0))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const ask = async (body: string): Promise<{ status: number; body: any }> => {
  const response = await fetch(served.address, { method: 'POST', headers, body })
  return { status: response.status, body: await response.json() }
}
const call = (id: number) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'search_coins', arguments: { query: 'x' } },
})
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

t.test('a batch is refused before any of its tools is called', async (t) => {
  for (const batch of [[call(1)], Array.from({ length: 100 }, (_, id) => call(id)), []])
    t.match(await ask(JSON.stringify(batch)), {
      status: 400,
      body: { jsonrpc: '2.0', error: { code: -32_600, message: /no batches/ }, id: null },
    })
  t.equal(waiting.length, 0)
  t.match(await ask('[{'), { status: 400, body: { error: { code: -32_700 } } })
  t.match(await ask(JSON.stringify(list)), { status: 200, body: { id: 1 } })
})

t.test('a body whose length is not told is bounded too', async (t) => {
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`POST /mcp HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n`)
  // More would follow: the answer does not wait for it.
  socket.write(`${(65_537).toString(16)}\r\n${' '.repeat(65_537)}\r\n`)
  const [answer] = await once(socket, 'data')
  t.match(String(answer), /^HTTP\/1\.1 413 /)
  socket.destroy()
  t.match(await ask(JSON.stringify(list)), { status: 200 })
})

t.test('a connection has one request under way, however many were sent on it', async (t) => {
  const socket = connect(Number(port), '127.0.0.1')
  const body = JSON.stringify(call(1))
  const lines = [`POST /mcp HTTP/1.1`, 'host: localhost', `content-length: ${Buffer.byteLength(body)}`]
  const request = [...lines, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body]
  socket.write(request.join('\r\n').repeat(5))
  await until(() => waiting.length > 0)
  t.match(await ask(JSON.stringify(list)), { status: 200 }, 'others do not wait for it')
  t.equal(waiting.length, 1)
  answers({ success: true, data: [], count: 0, meta: { source: 'live', version: 'a-b' } })
  socket.end()
  const said = await text(socket)
  t.same(said.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', ...Array(4).fill('HTTP/1.1 503')])
  t.match(said, /No coin found/)
})

t.test('there is a most of connections, and who leaves makes room', async (t) => {
  const sockets = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const late = connect(Number(port), '127.0.0.1')
  late.end('GET /mcp HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  t.equal(await text(late).catch(() => ''), '', 'the next one gets no answer')
  for (const socket of sockets) socket.destroy()
  await until(async () => (await ask(JSON.stringify(list)).catch(() => null))?.status === 200)
})

t.test('an answer that the API cannot have meant is a tool error that tells nothing of it', async (t) => {
  const asked = ask(JSON.stringify(call(1)))
  await until(() => waiting.length === 1)
  answers({ success: true, data: [{ secret: 1 }], count: 0, meta: { source: 'live', version: 'a-b' } })
  const { body } = await asked
  t.equal(body.result.isError, true)
  t.equal(body.result.content[0].text, '{"code":"MCP_INTERNAL","message":"The tool failed"}')
  t.match(told.join('\n'), /^crypto-signals-mcp: search_coins: /)
})

t.test('what the API refuses is told without what nobody sees, wherever that stands', async (t) => {
  const asked = ask(JSON.stringify(call(1)))
  await until(() => waiting.length === 1)
  const evil = 'ev\u{e0041}\u3164il'
  const candidates = [{ coinId: evil, symbol: evil, name: evil, marketCapRank: null }]
  answers({ success: false, error: evil, code: evil, details: [{ path: evil, message: evil }], candidates }, 404)
  const { body } = await asked
  const told = { coinId: 'evil', symbol: 'evil', name: 'evil', marketCapRank: null }
  t.match(JSON.parse(body.result.content[0].text), {
    code: 'evil',
    message: 'evil',
    details: [{ path: 'evil', message: 'evil' }],
    candidates: [told],
  })
})
