import { readFile } from 'node:fs/promises'
import { Failure, receiptOf } from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import t from 'tap'
import { HOSTILE } from '../test/arbitraries.ts'
import { openWorld } from '../test/world.ts'
import { QUERY_ERRORS, queryError } from './errors.ts'

const isFailure = (body: unknown) => {
  const validate = TypeBoxValidatorCompiler({ schema: Failure, method: 'GET', url: '', httpPart: 'body' })
  return 'value' in (validate(body) as object)
}
const minute = (n: number) => `2026-01-01T00:0${n}:00.000Z`
const scoredAt = (n: number, finalScore: number, coinId = 'bitcoin') =>
  scoredCoinOf({ coinId, finalScore, observedAt: minute(n), updatedAt: minute(n) })
const quotedAt = (n: number, priceUsd: number, coinId = 'bitcoin') =>
  quoteOf({ coinId, priceUsd, observedAt: minute(n), receivedAt: minute(n) })

t.test('is not ready and answers 503 until the store has been read', async (t) => {
  await using world = await openWorld()
  const { ready, reasons } = await world.service.readiness()
  t.notOk(ready)
  t.match(reasons, [/still being read/])
  for (const url of ['/api/signals', '/api/coins/bitcoin', '/api/signals?page=x']) {
    const answer = await world.get(url)
    t.equal(answer.statusCode, 503)
    t.ok(isFailure(answer.json()))
    t.equal(answer.headers['cache-control'], 'no-store')
  }
  await world.service.start()
  t.equal((await world.get('/api/signals')).statusCode, 200)
})

t.test('is ready with an empty store, says that it is empty and answers with empty pages', async (t) => {
  await using world = await openWorld()
  await world.service.start()
  const { version, ...readiness } = await world.service.readiness()
  t.strictSame(readiness, {
    ready: true,
    reasons: ['no coin was observed yet'],
    counts: { coins: 0, signals: 0, fresh: 0 },
  })
  t.equal((await world.get('/api/signals')).json().meta.version, version)
  const { data, pagination } = (await world.get('/api/signals?min_score=1&sort=rank')).json()
  t.strictSame([data, pagination.total_pages, pagination.total_items], [[], 0, 0])
  const stats = (await world.get('/api/signals/stats')).json().data
  t.equal(stats.overview.avgScore, 0)
  t.strictSame(stats.timeframes[3], { timeframe: 'LONG_TERM', count: 0, avgScore: 0 })
})

t.test('keeps the newest of what the store held and of what was published while it was read', async (t) => {
  await using world = await openWorld({
    quotes: [quotedAt(2, 200), quotedAt(2, 20, 'ethereum')],
    scored: [scoredAt(2, 20), scoredAt(2, 22, 'ethereum')],
    onRead: async (publish) => {
      await publish.quotes([quotedAt(3, 300), quotedAt(1, 10, 'ethereum'), quotedAt(1, 1, 'new')])
      await publish.scored([scoredAt(3, 30), scoredAt(1, 11, 'ethereum'), scoredAt(1, 1, 'new')])
    },
  })
  await world.service.start()
  world.service.flush()
  const read = async (id: string) => {
    const { priceUsd, signal } = (await world.get(`/api/coins/${id}`)).json().data
    return [priceUsd, signal.finalScore]
  }
  t.strictSame(
    [await read('bitcoin'), await read('ethereum'), await read('new')],
    [
      [300, 30],
      [20, 22],
      [1, 1],
    ],
  )
  const { counts } = await world.service.readiness()
  t.strictSame(counts, { coins: 3, signals: 12, fresh: 3 })
})

t.test('takes many events in at once within 100 ms, as one new version', async (t) => {
  await using world = await openWorld({ scored: [scoredAt(1, 50)] })
  await world.service.start()
  const before = (await world.get('/api/signals')).json()
  for (const n of [2, 3, 4]) await world.publish.scored([scoredAt(n, 50 + n), scoredAt(n, n, 'ethereum')])
  t.strictSame((await world.get('/api/signals')).json(), before, 'nothing shows before its time')
  await world.clock.advance(100)
  const after = (await world.get('/api/signals')).json()
  t.strictSame(
    after.data.map(({ coinId, finalScore }: { coinId: string; finalScore: number }) => [coinId, finalScore]),
    [
      ['bitcoin', 54],
      ['ethereum', 4],
    ],
  )
  t.equal(receiptOf(after.meta.version), Date.parse(minute(4)))
  t.match(await world.metrics.metrics(), /query_data_versions_total 2\n/)
})

t.test('does not raise the version for what is late or repeated', async (t) => {
  await using world = await openWorld({ quotes: [quotedAt(3, 300)], scored: [scoredAt(3, 30)] })
  await world.service.start()
  const before = (await world.get('/api/signals')).body
  await world.publish.scored([scoredAt(3, 31), scoredAt(2, 20)])
  await world.publish.quotes([quotedAt(3, 301), quotedAt(2, 200)])
  await world.clock.advance(100)
  const { data, meta } = (await world.get('/api/signals')).json()
  t.strictSame([data[0].finalScore, meta], [30, JSON.parse(before).meta])
  t.equal((await world.get('/api/coins')).json().data[0].priceUsd, 300)
})

t.test('has the version of any replica that holds the same, one that read it from the store too', async (t) => {
  const [quotes, scored] = [[quotedAt(1, 10), quotedAt(2, 20, 'ethereum')], [scoredAt(1, 50)]]
  await using fromStore = await openWorld({ quotes, scored })
  await using fromBus = await openWorld()
  for (const world of [fromStore, fromBus]) await world.service.start()
  await fromBus.publish.scored(scored)
  await fromBus.publish.quotes(quotes)
  await fromBus.clock.advance(100)
  const [one, other] = [await fromStore.get('/api/signals'), await fromBus.get('/api/signals')]
  t.equal(one.headers.etag, other.headers.etag)
  t.strictSame(
    (await fromStore.get('/api/coins', { 'if-none-match': String(other.headers.etag) })).statusCode,
    304,
    'so that what one replica answered is known to the others',
  )
  await fromBus.publish.quotes([quotedAt(3, 30)])
  await fromBus.clock.advance(100)
  t.not((await fromBus.get('/api/signals')).headers.etag, one.headers.etag)
})

t.test('starts when it is asked again after the store did not answer, and subscribes once', async (t) => {
  let isAway = true
  await using world = await openWorld({
    quotes: [quotedAt(1, 10)],
    onRead: async () => {
      if (isAway) throw new Error('the store does not answer')
    },
  })
  await t.rejects(world.service.start())
  t.equal((await world.get('/api/coins')).statusCode, 503)
  isAway = false
  await world.service.start()
  await world.publish.quotes([quotedAt(2, 20)])
  await world.clock.advance(100)
  t.equal((await world.get('/api/coins')).json().data[0].priceUsd, 20)
})

t.test('hands a thousand staged rows on without waiting, and what is left when it stops', async (t) => {
  await using world = await openWorld()
  await world.service.start()
  const coins = Array.from({ length: 1_050 }, (_, i) => scoredAt(1, i % 100, `coin-${i}`))
  await world.publish.scored(coins.slice(0, 1_000))
  const held = async () => (await world.get('/api/signals')).json().pagination.total_items
  t.equal(await held(), 1_000)
  await world.publish.scored(coins.slice(1_000))
  t.equal(await held(), 1_000)
  await world.service.stop()
  t.equal(await held(), 1_050)
})

t.test('tells the age of an observation at the moment of the answer, and never a negative one', async (t) => {
  await using world = await openWorld({ scored: [scoredAt(0, 50)], quotes: [quotedAt(9, 1)] })
  await world.service.start()
  const ageOf = async (url: string) => [(await world.get(url)).json().data].flat()[0].ageMs
  for (const [passedMs, ageMs] of [
    [0, 0],
    [9, 9],
    [1, 10],
    [89, 99],
    [1, 100],
    [5e9, 5_000_000_100],
  ] as const) {
    await world.clock.advance(passedMs)
    t.equal(await ageOf('/api/signals'), ageMs)
    t.equal(await ageOf('/api/signals/coin/bitcoin'), ageMs)
    t.equal(await ageOf('/api/coins'), Math.max(0, ageMs - 9 * 60_000))
  }
})

t.test('answers 304 without a body to whoever has the version, on every route', async (t) => {
  await using world = await openWorld({ scored: [scoredAt(1, 50)], quotes: [quotedAt(1, 1)] })
  await world.service.start()
  const paths = ['', '/coin/bitcoin', '/search?q=b', '/strong', '/stats'].map((path) => `/api/signals${path}`)
  const coins = ['', '?symbol=BTC', '/bitcoin', '/by-symbol/btc'].map((path) => `/api/coins${path}`)
  for (const url of [...paths, ...coins]) {
    const first = await world.get(url)
    const etag = String(first.headers.etag)
    t.equal(etag, `W/"${first.json().meta.version}"`)
    t.equal(first.headers['content-type'], 'application/json; charset=utf-8')
    t.equal(first.headers['cache-control'], 'public, max-age=1, stale-while-revalidate=5')
    for (const tags of [etag, etag.slice(2), `"other", ${etag}`, `W/"x",${etag},"y"`, '*', ' * ']) {
      const again = await world.get(url, { 'if-none-match': tags })
      t.strictSame([again.statusCode, again.body, again.headers.etag], [304, '', etag], tags)
    }
    for (const tags of ['"other"', 'W/""', etag.slice(3, -1), '', '"*"', '"'.repeat(999)]) {
      t.equal((await world.get(url, { 'if-none-match': tags })).statusCode, 200, tags)
    }
    const head = await world.app.inject({ method: 'HEAD', url })
    t.strictSame([head.statusCode, head.body, head.headers.etag], [200, '', etag])
    t.equal(Number(head.headers['content-length']), Buffer.byteLength((await world.get(url)).body))
  }
  const etag = String((await world.get('/api/signals')).headers.etag)
  await world.publish.quotes([quotedAt(2, 2)])
  await world.clock.advance(100)
  t.equal((await world.get('/api/coins', { 'if-none-match': etag })).statusCode, 200)
})

t.test('says what is wrong with a query, before it says 304', async (t) => {
  await using world = await openWorld()
  await world.service.start()
  const wrong = {
    '/api/signals?min_score=60&max_score=59.9': 'query/min_score',
    '/api/signals?page=0': 'query/page',
    '/api/signals?limit=101': 'query/limit',
    '/api/signals?max_score=100.1': 'query/max_score',
    '/api/signals?filter=BUY': 'query/filter',
    '/api/signals?timeframe=scalping': 'query/timeframe',
    '/api/signals?sort=score&sort=rank': 'query/sort',
    '/api/signals/search': 'query/q',
    '/api/signals/search?q=': 'query/q',
    '/api/signals/search?q=a%00': 'query/q',
    '/api/signals/search?q=a&limit=51': 'query/limit',
    '/api/signals/strong?limit=5': 'query/limit',
    '/api/signals/stats?x=1': 'query/x',
    '/api/signals/coin/bitcoin?x=1': 'query/x',
    '/api/coins?sort=name': 'query/sort',
    '/api/coins/bitcoin?x=1': 'query/x',
    '/api/coins?symbol=': 'query/symbol',
    '/api/coins?symbol=a%00': 'query/symbol',
    [`/api/coins?symbol=${'x'.repeat(65)}`]: 'query/symbol',
    '/api/coins?max_age=0': 'query/max_age',
    '/api/coins?max_age=1.5': 'query/max_age',
    '/api/coins?max_age=1h': 'query/max_age',
    '/api/coins?max_age=31536001': 'query/max_age',
    '/api/signals?max_age=-1': 'query/max_age',
    [`/api/coins/by-symbol/${'x'.repeat(65)}`]: 'params/symbol',
    '/api/coins/by-symbol/btc?x=1': 'query/x',
    '/api/coverage?x=1': 'query/x',
    [`/api/signals/search?q=${'x'.repeat(101)}`]: 'query/q',
  }
  for (const [url, path] of Object.entries(wrong)) {
    const answer = await world.get(url, { 'if-none-match': '*' })
    t.equal(answer.statusCode, 400, url)
    t.ok(isFailure(answer.json()))
    t.equal(answer.json().details[0].path, path)
  }
})

t.test('tells an unknown coin from one without a signal', async (t) => {
  await using world = await openWorld({ quotes: [quotedAt(1, 1)], scored: [scoredAt(1, 50, 'ethereum')] })
  await world.service.start()
  const codeOf = async (url: string) => (await world.get(url, { 'if-none-match': '*' })).json().code
  t.equal(await codeOf('/api/signals/coin/nothing'), 'QUERY_COIN_NOT_FOUND')
  t.equal(await codeOf('/api/signals/coin/bitcoin'), 'QUERY_NOT_SCORED')
  t.equal(await codeOf('/api/coins/ethereum'), 'QUERY_COIN_NOT_FOUND')
  t.equal((await world.get('/api/coins/bitcoin')).json().data.signal, null)
})

t.test('survives hostile ids with a 4xx', async (t) => {
  await using world = await openWorld()
  await world.service.start()
  const ids = [
    ...HOSTILE.map(encodeURIComponent),
    '%2F',
    '%2e%2e%2f',
    '%00',
    '%7f',
    '%zz',
    '%ff',
    '%',
    '',
    'x'.repeat(1_200),
    '%20',
  ]
  for (const id of ids) {
    for (const route of ['/api/coins/', '/api/coins/by-symbol/', '/api/signals/coin/']) {
      const answer = await world.get(route + id, { 'if-none-match': '*' })
      t.ok([400, 404, 414].includes(answer.statusCode), `${answer.statusCode} for ${route}${id.slice(0, 40)}`)
      t.ok(isFailure(answer.json()))
    }
  }
})

t.test(
  'serves names that are hostile to JSON, HTML and regular expressions as they are, and finds them literally',
  async (t) => {
    const scored = HOSTILE.map((text, i) =>
      scoredCoinOf({ coinId: `coin-${i}`, symbol: `s${i}`, name: `${text} Coin`, finalScore: i }),
    )
    await using world = await openWorld({
      scored,
      quotes: HOSTILE.map((name, i) => quoteOf({ coinId: `coin-${i}`, name })),
    })
    await world.service.start()
    const find = async (q: string) =>
      (await world.get(`/api/signals/search?limit=50&q=${encodeURIComponent(q)}`)).json()
    for (const [i, text] of HOSTILE.entries()) {
      const { data, count } = await find(text.slice(0, 100))
      const found = data.map(({ coinId, name }: { coinId: string; name: string }) => [coinId, name])
      t.has(
        found,
        [[`coin-${i}`, `${text} Coin`]].filter(() => count === 1),
      )
      t.equal(count, HOSTILE.filter((other) => other.toLowerCase().includes(text.toLowerCase())).length, text)
      t.equal((await world.get(`/api/coins/coin-${i}`)).json().data.name, text)
    }
    t.equal((await find('s1\ns')).success, false)
    t.equal((await find('1 s1')).count, 0, 'nothing matches across two fields')
    t.equal((await find('COIN')).count, HOSTILE.length)
  },
)

t.test('refuses a row that cannot be right, keeps the rest of its batch, counts and logs it', async (t) => {
  await using world = await openWorld()
  await world.service.start()
  const [swapped, foreign] = [scoredAt(1, 1, 'swapped'), scoredAt(1, 1, 'foreign')]
  swapped.signals.reverse()
  foreign.coinId = 'other'
  const never = '2026-13-01T00:00:00.000Z'
  await world.publish.scored([swapped, foreign, scoredCoinOf({ coinId: 'never', observedAt: never }), scoredAt(1, 50)])
  await world.publish.quotes([quoteOf({ coinId: 'never', receivedAt: never }), quotedAt(1, 1)])
  await world.clock.advance(100)
  t.equal((await world.get('/api/signals')).json().pagination.total_items, 1)
  t.equal((await world.get('/api/coins')).json().pagination.total_items, 1)
  t.match(await world.metrics.metrics(), /query_rows_refused_total 4/)
  t.match(
    world.lines.filter(({ level }) => level === 40),
    [{ count: 4 }],
  )
})

t.test('says of its data where they come from and counts what it holds', async (t) => {
  for (const simulated of [true, false]) {
    await using world = await openWorld({ simulated, quotes: [quotedAt(1, 1)], scored: [scoredAt(1, 90)] })
    await world.service.start()
    const bodies = await Promise.all(['/api/coins', '/api/signals/stats'].map((url) => world.get(url)))
    t.strictSame(
      bodies.map((body) => body.json().meta.source),
      Array(2).fill(simulated ? 'simulated' : 'live'),
    )
    await world.publish.quotes([quotedAt(2, 2)])
    await world.clock.advance(100)
    const text = await world.metrics.metrics()
    for (const line of [
      'query_coins 1',
      'query_signals 4',
      'query_data_versions_total 2',
      'query_refresh_duration_seconds_count 1',
    ]) {
      t.ok(text.split('\n').includes(line), line)
    }
  }
})

t.test('lists in the README exactly the errors there are', async (t) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = [...readme.matchAll(/^\| `(QUERY_\w+)` +\| (\d+) +\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  const errors = Object.keys(QUERY_ERRORS).map((code) => {
    const error = queryError(code as keyof typeof QUERY_ERRORS)
    t.equal(error.code, code)
    return [code, error.statusCode]
  })
  t.strictSame(rows, errors)
})
