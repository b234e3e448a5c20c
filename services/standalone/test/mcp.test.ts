import { request } from 'node:http'
import { tempDir, until } from '@crypto-signals/testing'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import t from 'tap'
import type { Row } from './market-rows.ts'
import { freePort, startProduct } from './product.ts'
import { MCP, start } from './programs.ts'
import { startSmallMarket } from './small-market.ts'

const market = await startSmallMarket('Evil\u202e\u200b\ufe0f\u{e0041}\u3164 Coin')
t.teardown(() => market[Symbol.asyncDispose]())
const { product } = market

const READ_TOOLS = [
  'search_coins',
  'get_signals',
  'get_coin',
  'market_overview',
  'list_alerts',
  'list_triggered_alerts',
]

/** An assistant with a server of its own, as its configuration would start it. */
async function assistant(url: string, ...more: string[]) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MCP, ...more],
    env: { CRYPTO_SIGNALS_URL: url },
  })
  return await connected(transport)
}

async function connected(transport: StdioClientTransport | StreamableHTTPClientTransport) {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(transport)
  // The client validates each answer by the output schemas that it has listed.
  const { tools } = await client.listTools()
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<any> => {
    const answer = await client.callTool({ name, arguments: args })
    return { ...answer, text: (answer.content as { text: string }[])[0]?.text }
  }
  return { client, tools, call, [Symbol.asyncDispose]: () => client.close() }
}

/** A server over HTTP, once it listens. */
async function overHttp(...more: string[]) {
  const port = await freePort()
  const program = start([process.execPath, MCP, '--http', '--port', String(port), '--url', product.url, ...more])
  await until(() => program.err().includes('/mcp'))
  return {
    program,
    port,
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  }
}

const ALERT_ID = '01900000-0000-7000-8000-000000000000'

t.test('without the flag there are only tools that read, and none that writes can be called', async (t) => {
  await using mcp = await assistant(product.url)
  t.same(
    mcp.tools.map(({ name }) => name),
    READ_TOOLS,
  )
  for (const { name, annotations, outputSchema } of mcp.tools) {
    t.equal(annotations?.readOnlyHint, true, name)
    t.ok(outputSchema, name)
  }
  for (const name of ['create_alert', 'delete_alert', 'no_such_tool']) {
    const answer = await mcp.call(name, {
      coin_id: 'moving-coin',
      type: 'price_above',
      threshold: 1,
      alert_id: ALERT_ID,
    })
    t.match(answer, { isError: true, text: /not found/ })
  }
  t.equal((await product.ask('/api/alerts')).body.data.length, 0)
})

t.test('each tool answers in the form it declared, with the source and the age of its data', async (t) => {
  await using mcp = await assistant(product.url)
  const search = await mcp.call('search_coins', { query: 'MOVING' })
  const coin = { coinId: 'moving-coin', symbol: 'move', name: 'Moving Coin', priceSource: 'coingecko' }
  t.match(search.structuredContent, { source: 'live', count: 1, coins: [coin] })
  t.type(search.structuredContent.coins[0].ageSeconds, 'number')
  t.match(search.text, /^Moving Coin \(MOVE, id moving-coin\): \$.* old$/)

  const signals = await mcp.call('get_signals', { timeframe: 'LONG_TERM', sort: 'rank', limit: 5, page: 2 })
  t.match(signals.structuredContent, { source: 'live', total: 12, page: 2, totalPages: 3 })
  t.equal(signals.structuredContent.signals.length, 5)
  t.ok(signals.structuredContent.signals.every(({ timeframe }: Row) => timeframe === 'LONG_TERM'))

  const found = await mcp.call('get_coin', { coin: 'MOVE' })
  t.match(found.structuredContent, { source: 'live', ...coin })
  t.equal(found.structuredContent.horizons.length, 4)
  for (const { score, reasons, insufficientData } of found.structuredContent.horizons) {
    const points = reasons.reduce((sum: number, reason: { points: number }) => sum + reason.points, 0)
    t.ok(insufficientData || Math.abs(points - score) < 0.1, `${points} points are ${score}`)
    for (const { why } of reasons) t.ok(why)
  }
  t.match(found.text, /Why, on [A-Z_]+:\n- momentum, [\d.]+ points: /)

  const overview = await mcp.call('market_overview')
  t.match(overview.structuredContent, {
    source: 'live',
    signals: { coins: 12 },
    fearGreed: null,
    coverage: { priced: 12 },
  })
  t.match(overview.text, /^12 coins scored/)
  t.notMatch(overview.text, /SIMULATED/)
  t.match((await mcp.call('list_alerts')).structuredContent, { source: 'live', total: 0, alerts: [] })
  t.match((await mcp.call('list_triggered_alerts')).structuredContent, { source: 'live', total: 0, firings: [] })
})

t.test('what the API refuses is a tool error with its code and candidates', async (t) => {
  await using mcp = await assistant(product.url)
  const twins = await mcp.call('get_coin', { coin: 'twin' })
  t.equal(twins.isError, true)
  const said = JSON.parse(twins.text)
  t.match(said, { status: 404, code: 'QUERY_COIN_NOT_FOUND' })
  t.same(said.candidates.map(({ coinId }: Row) => coinId).toSorted(), ['twin-one', 'twin-two'])
  const none = await mcp.call('get_coin', { coin: 'no-such-coin' })
  t.match(none, { isError: true, text: /^\{"code":"QUERY_COIN_NOT_FOUND","status":404/ })
})

t.test('a server that is not there is a tool error, and the assistant stays connected', async (t) => {
  await using mcp = await assistant(`http://127.0.0.1:${await freePort()}`)
  const answer = await mcp.call('market_overview')
  t.match(answer, { isError: true, text: /^\{"code":"NETWORK","status":0,/ })
  t.notMatch(answer.text, /\bat .*:\d+:\d+/, 'without a stack')
  t.equal((await mcp.client.listTools()).tools.length, READ_TOOLS.length)
})

t.test(
  'hostile input is refused or taken literally, and hostile names are told without what hides or turns text',
  async (t) => {
    await using mcp = await assistant(product.url)
    const refused: [string, Record<string, unknown>][] = [
      ['search_coins', {}],
      ['search_coins', { query: '' }],
      ['search_coins', { query: 'a\u0000b' }],
      ['search_coins', { query: 'x'.repeat(101) }],
      ['search_coins', { query: ['a'] }],
      ['search_coins', { query: 'a', limit: 51 }],
      ['get_signals', { limit: 1e9 }],
      ['get_signals', { limit: '1; DROP TABLE coins' }],
      ['get_signals', { unheard: 1 }],
      ['get_signals', { min_score: Number.MAX_VALUE }],
      ['get_coin', { coin: '\u001b[2J' }],
      ['list_triggered_alerts', { alert_id: '../../health' }],
    ]
    for (const [name, args] of refused) t.equal((await mcp.call(name, args)).isError, true, JSON.stringify(args))
    for (const coin of ['../../health', '..%2f..%2fhealth', '__proto__', '?x=1#y', '%', 'constructor'])
      t.match(await mcp.call('get_coin', { coin }), { isError: true, text: /QUERY_COIN_NOT_FOUND/ }, coin)
    const { text, structuredContent } = await mcp.call('search_coins', { query: 'evil' })
    t.match(text, /^Evil Coin \(EVIL, id evil-coin\)/)
    t.equal(structuredContent.coins[0].name, 'Evil Coin')
  },
)

t.test('with the flag alerts can be set and deleted, within the bounds of each type', async (t) => {
  await using mcp = await assistant(product.url, '--allow-writes')
  t.same(
    mcp.tools.map(({ name }) => name),
    [...READ_TOOLS, 'create_alert', 'delete_alert'],
  )
  const set = await mcp.call('create_alert', {
    coin_id: 'moving-coin',
    type: 'price_above',
    threshold: 0.5,
    cooldown_seconds: 60,
  })
  t.match(set.structuredContent, {
    source: 'live',
    alert: { coinId: 'moving-coin', settings: { threshold: 0.5, cooldownMs: 60_000 } },
  })
  const alert_id = set.structuredContent.alert.alertId
  await until(async () => (await mcp.call('list_triggered_alerts', { alert_id })).structuredContent.total === 1)
  const { structuredContent } = await mcp.call('list_triggered_alerts')
  t.match(structuredContent.firings, [{ alertId: alert_id, coinId: 'moving-coin' }])
  t.match((await mcp.call('list_alerts', { coin_id: 'moving-coin' })).structuredContent.alerts, [
    { alertId: alert_id, isTriggered: true },
  ])
  const bad = await mcp.call('create_alert', { coin_id: 'moving-coin', type: 'score_above', threshold: 101 })
  t.match(JSON.parse(bad.text), { status: 400, details: [{ path: 'body/settings/threshold' }] })
  t.match(await mcp.call('create_alert', { coin_id: 'nothing', type: 'strong_signal' }), {
    isError: true,
    text: /ALERTING_UNKNOWN_COIN/,
  })
  t.match((await mcp.call('delete_alert', { alert_id })).structuredContent, { alertId: alert_id, deleted: true })
  t.match(await mcp.call('delete_alert', { alert_id }), { isError: true, text: /ALERTING_ALERT_NOT_FOUND/ })
})

t.test('nothing but the protocol is on stdout, whatever comes in, and it ends with its caller', async (t) => {
  await using program = start([process.execPath, MCP], { CRYPTO_SIGNALS_URL: product.url })
  const { stdin } = program.child
  stdin?.write('no JSON\n{"jsonrpc":"2.0"}\n[]\n{"jsonrpc":"2.0","id":1,"method":"no/such"}\n')
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'initialize', params })}\n`)
  await until(() => program.out().includes('"id":2'))
  stdin?.end()
  t.equal(await program.exited, 0)
  for (const line of program.out().trimEnd().split('\n')) t.equal(JSON.parse(line).jsonrpc, '2.0')
})

t.test('when nobody hears its answers any more it ends without a word', async (t) => {
  await using program = start([process.execPath, MCP], { CRYPTO_SIGNALS_URL: product.url })
  const { stdin, stdout } = program.child
  stdout?.destroy()
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
  t.equal(await program.exited, 0)
  t.equal(program.err(), '')
})

t.test('over HTTP it offers the same, without sessions', async (t) => {
  await using server = await overHttp()
  await using mcp = await connected(new StreamableHTTPClientTransport(server.url))
  t.same(
    mcp.tools.map(({ name }) => name),
    READ_TOOLS,
  )
  t.match((await mcp.call('get_coin', { coin: 'moving-coin' })).structuredContent, {
    source: 'live',
    coinId: 'moving-coin',
  })
  t.match(await mcp.call('create_alert', { coin_id: 'moving-coin', type: 'strong_signal' }), { isError: true })
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => mcp.call('search_coins', { query: 'coin', limit: index + 1 })),
  )
  t.ok(
    answers.every(({ structuredContent }, index) => structuredContent.count === Math.min(10, index + 1)),
    'each gets its own',
  )
  server.program.child.kill('SIGTERM')
  t.equal(await server.program.exited, 0)
})

t.test('over HTTP it answers no page of another site, no other name, no other path, and no large body', async (t) => {
  await using server = await overHttp('--allowed-host', 'signals.example')
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const ask = (headers: Record<string, string>, { method = 'POST', path = '/mcp', body = list } = {}) =>
    new Promise<number>((resolve, reject) => {
      const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
      const asked = request(
        { port: server.port, host: '127.0.0.1', method, path, headers: { ...types, ...headers } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      asked.on('error', reject)
      asked.end(method === 'POST' ? body : undefined)
    })
  t.equal(await ask({}), 200)
  t.equal(await ask({ host: `localhost:${server.port}`, origin: 'http://localhost:5173' }), 200)
  t.equal(await ask({ host: 'signals.example' }), 200)
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example@localhost',
    'localhost/',
  ])
    t.equal(await ask({ host }), 403, host)
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://'])
    t.equal(await ask({ origin }), 403, origin)
  t.equal(await ask({}, { path: '/' }), 404)
  for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS']) t.equal(await ask({}, { method }), 405)
  t.equal(await ask({}, { body: 'no JSON' }), 400)
  t.equal(
    await ask(
      {},
      { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { x: 'x'.repeat(70_000) } }) },
    ),
    413,
  )
  t.equal(await ask({}), 200, 'and goes on')
})

t.test('a wrong command line is exit code 2, a port that is taken 1, and both are told on stderr', async (t) => {
  const { port } = new URL(product.url)
  const lines: [string[], number, RegExp][] = [
    [['--unheard'], 2, /--unheard/],
    [['--port', 'x', '--http'], 2, /--port/],
    [['--url', 'nowhere'], 2, /address/],
    [['--http', '--port', port], 1, /EADDRINUSE/],
  ]
  for (const [args, code, said] of lines) {
    await using program = start([process.execPath, MCP, ...args])
    t.equal(await program.exited, code, args.join(' '))
    t.match(program.err(), said)
    t.equal(program.out(), '')
  }
})

t.test('of a market that is none each answer says so', async (t) => {
  await using dir = await tempDir()
  await using simulated = await startProduct({ DATA_DIR: dir.path, MARKET_SOURCES: 'simulator' })
  await until(async () => (await simulated.ask('/api/signals/coin/bitcoin')).status === 200, { timeoutMs: 120_000 })
  await using mcp = await assistant(simulated.url)
  for (const name of READ_TOOLS) {
    const args = { get_coin: { coin: 'bitcoin' }, search_coins: { query: 'bitcoin' } }[name] ?? {}
    const answer = await mcp.call(name, args)
    t.equal(answer.structuredContent.source, 'simulated', name)
    t.match(answer.text, /^SIMULATED DATA, not a real market\. /, name)
  }
})
