import {
  Coverage,
  Failure,
  FRESHNESS_LIMITS_MS,
  Interest,
  type SourceStatus,
  versionIn,
} from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { openWorld } from '../../test/world.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const MINUTE_MS = 60_000

/** A coin that was observed so long before the start. */
const quotedBefore = (ageMs: number, coinId: string, rest: Parameters<typeof quoteOf>[0] = {}) => {
  const observedAt = new Date(START - ageMs).toISOString()
  return quoteOf({ coinId, observedAt, receivedAt: observedAt, ...rest })
}
const scoredBefore = (ageMs: number, coinId: string) => {
  const observedAt = new Date(START - ageMs).toISOString()
  return scoredCoinOf({ coinId, observedAt, updatedAt: observedAt })
}
const idsIn = (answer: { json: () => { data: { coinId: string }[] } }) => answer.json().data.map(({ coinId }) => coinId)

t.test('says of every row where it is from and how fresh it is, in the class that its age is in', async (t) => {
  await using world = await openWorld({ quotes: [quotedBefore(0, 'bitcoin')], scored: [scoredBefore(0, 'bitcoin')] })
  await world.service.start()
  const urls = [
    '/api/coins',
    '/api/coins/bitcoin',
    '/api/signals',
    '/api/signals/coin/bitcoin',
    '/api/signals/search?q=b',
  ]
  const { live, recent, delayed, stale } = FRESHNESS_LIMITS_MS
  const classes = [
    [0, 'live'],
    [live, 'live'],
    [live + 1, 'recent'],
    [recent, 'recent'],
    [recent + 1, 'delayed'],
    [delayed, 'delayed'],
    [delayed + 1, 'stale'],
    [stale, 'stale'],
    [stale + 1, 'dead'],
  ] as const
  for (const [ageMs, freshness] of classes) {
    await world.clock.advance(START + ageMs - world.clock.now())
    for (const url of urls) {
      const row = [(await world.get(url)).json().data].flat()[0]
      const observedAt = '2026-01-01T00:00:00.000Z'
      t.match(row, { source: 'coingecko', observedAt, ageMs, freshness }, `${url} after ${ageMs} ms`)
      if (url.startsWith('/api/coins')) t.ok('changes' in row.origins, url)
    }
  }
})

t.test('leaves out what is older than asked for, to the millisecond, and says so by no version', async (t) => {
  const ages = { young: 0, older: 1, oldest: 2 }
  const coins = Object.entries(ages)
  await using world = await openWorld({
    quotes: coins.map(([id, minutes]) => quotedBefore(minutes * MINUTE_MS, id)),
    scored: coins.map(([id, minutes]) => scoredBefore(minutes * MINUTE_MS, id)),
  })
  await world.service.start()
  for (const path of ['/api/coins?', '/api/signals?', '/api/signals?sort=rank&min_score=0&']) {
    const url = `${path}max_age=60`
    const first = await world.get(url)
    t.strictSame(idsIn(first).sort(), ['older', 'young'], url)
    t.equal(first.json().pagination.total_items, 2)
    t.equal(first.headers.etag, undefined, 'time alone changes it')
    t.equal(first.headers['cache-control'], 'public, max-age=1')
    const { version } = first.json().meta
    const again = await world.get(url, { 'if-none-match': `W/"${version}"` })
    t.equal(again.statusCode, 200)
    const second = (await world.get(`${url}&limit=1&page=2`)).json()
    t.strictSame([second.data.length, second.pagination.total_pages], [1, 2])
  }
  await world.clock.advance(1)
  for (const path of ['/api/coins', '/api/signals']) {
    t.strictSame(idsIn(await world.get(`${path}?max_age=60`)), ['young'], 'a millisecond later')
    t.strictSame(idsIn(await world.get(`${path}?max_age=31536000`)).length, 3)
  }
})

t.test('lists the coins of a symbol by rank in any case, and forgets one that changed its symbol', async (t) => {
  const quotes = [
    quotedBefore(2, 'pepe-two', { symbol: 'PEPE', marketCapRank: null }),
    quotedBefore(2, 'pepe-one', { symbol: 'pepe', marketCapRank: null }),
    quotedBefore(2, 'pepe', { symbol: 'Pepe', marketCapRank: 30 }),
    quotedBefore(2, 'pepecoin', { symbol: 'pepecoin', marketCapRank: 1 }),
  ]
  await using world = await openWorld({ quotes })
  await world.service.start()
  t.strictSame(idsIn(await world.get('/api/coins?symbol=pEPE')), ['pepe', 'pepe-one', 'pepe-two'])
  t.strictSame(idsIn(await world.get('/api/coins?symbol=none')), [])
  const changed = ['pepe-one', 'pepe-two'].map((id) => quotedBefore(1, id, { symbol: `${id}-renamed` }))
  await world.publish.quotes(changed)
  await world.clock.advance(100)
  t.strictSame(idsIn(await world.get('/api/coins?symbol=pepe')), ['pepe'])
  t.equal((await world.get('/api/coins/by-symbol/PEPE')).json().data.coinId, 'pepe', 'then it is the only one')
})

t.test('never guesses which coin a shared symbol means: it names the candidates, the ranked ones first', async (t) => {
  const twins = Array.from({ length: 120 }, (_, i) =>
    quotedBefore(0, `twin-${i}`, { symbol: 'twin', name: `Twin ${i}`, marketCapRank: i < 2 ? 9 - i : null }),
  )
  await using world = await openWorld({ quotes: twins })
  await world.service.start()
  const ambiguous = await world.get('/api/coins/by-symbol/TWIN')
  t.equal(ambiguous.statusCode, 409)
  t.equal(ambiguous.headers['cache-control'], 'no-store')
  const { code, details, candidates } = ambiguous.json()
  t.ok(Value.Check(Failure, ambiguous.json()))
  t.strictSame(
    [code, details],
    ['QUERY_SYMBOL_AMBIGUOUS', [{ path: 'params/symbol', message: 'is the symbol of 120 coins' }]],
  )
  t.strictSame(candidates.slice(0, 2), [
    { coinId: 'twin-1', symbol: 'twin', name: 'Twin 1', marketCapRank: 8 },
    { coinId: 'twin-0', symbol: 'twin', name: 'Twin 0', marketCapRank: 9 },
  ])
  t.equal(candidates.length, 100)
  for (const url of ['/api/coins/Twin', '/api/signals/coin/Twin']) {
    const unknown = await world.get(url)
    t.strictSame([unknown.statusCode, unknown.json().code], [404, 'QUERY_COIN_NOT_FOUND'])
    t.strictSame(unknown.json().candidates, candidates, url)
    t.notOk('candidates' in (await world.get(`${url}s`)).json(), 'what is no symbol has none')
  }
  t.match((await world.get('/api/coins/by-symbol/none')).json(), { code: 'QUERY_SYMBOL_NOT_FOUND' })
})

t.test('knows a symbol in any case of any script, however its accents are encoded', async (t) => {
  const named = { cafe: 'cafe\u0301', strasse: 'STRA\u1e9eE', ist: '\u0130ST', sigma: '\u03b1\u03c3' }
  const quotes = Object.entries(named).map(([coinId, symbol]) => quotedBefore(0, coinId, { symbol }))
  await using world = await openWorld({ quotes })
  await world.service.start()
  const spellings = {
    cafe: ['caf\u00e9', 'CAF\u00c9', 'CAFE\u0301'],
    strasse: ['stra\u00dfe', 'STRA\u1e9eE', 'Strasse'],
    ist: ['i\u0307st', '\u0130st'],
    sigma: ['\u0391\u03a3', '\u03b1\u03c2'],
  }
  for (const [coinId, symbols] of Object.entries(spellings)) {
    for (const symbol of symbols.map(encodeURIComponent)) {
      t.equal((await world.get(`/api/coins/by-symbol/${symbol}`)).json().data?.coinId, coinId, symbol)
      t.strictSame(idsIn(await world.get(`/api/coins?symbol=${symbol}`)), [coinId])
    }
  }
  t.equal((await world.get('/api/coins/by-symbol/cafe')).statusCode, 404, 'another letter is another symbol')
})

t.test('says within a minute that what stands still grows older, and until then that nothing is new', async (t) => {
  await using world = await openWorld({ quotes: [quotedBefore(0, 'bitcoin')], scored: [scoredBefore(0, 'bitcoin')] })
  await world.service.start()
  for (const url of ['/api/coins', '/api/coins/bitcoin', '/api/signals', '/api/signals/coin/bitcoin']) {
    let etag = String((await world.get(url)).headers.etag)
    const statusAfter = async (ms: number) => {
      await world.clock.advance(ms)
      const answer = await world.get(url, { 'if-none-match': etag })
      etag = String(answer.headers.etag)
      return answer
    }
    t.equal((await statusAfter(59_999)).statusCode, 304)
    for (const freshness of ['live', 'recent', 'recent']) {
      const answer = await statusAfter(1)
      t.equal(answer.statusCode, 200)
      t.equal([answer.json().data].flat()[0].freshness, freshness)
      t.equal(versionIn(etag), answer.json().meta.version, 'of the same version')
      t.equal((await statusAfter(59_999)).statusCode, 304)
    }
    await world.clock.advance(START - world.clock.now())
  }
})

t.test('tells how much of the market is known by tier, source and age', async (t) => {
  const of = (source: string) => ({ source, observedAt: '2026-01-01T00:00:00.000Z' })
  const nothing = { range: null, volume: null, supply: null, changes: null, sparkline: null }
  const priced = (ageMs: number, coinId: string, source: string, marketCapRank: number | null) =>
    quotedBefore(ageMs, coinId, { source, marketCapRank, origins: { ...nothing, supply: of('coingecko') } })
  await using world = await openWorld({
    quotes: [
      priced(1_000, 'bitcoin', 'binance', 1),
      priced(61_000, 'ethereum', 'coingecko', 500),
      priced(61_001, 'small', 'coingecko', 501),
      priced(9 * 3_600_000, 'tiny', 'defillama', null),
      { ...priced(0, 'nameless', 'coingecko', null), priceUsd: null },
    ],
    scored: [scoredBefore(1_000, 'bitcoin'), scoredBefore(0, 'tiny')],
  })
  await world.store.sources.saveStatus(statusOf({ name: 'coingecko', kind: 'aggregator', universe: 10 }))
  await world.store.sources.saveStatus(statusOf({ name: 'binance', kind: 'exchange' }))
  await world.service.start()
  const answer = await world.get('/api/coverage')
  t.strictSame([...Value.Errors(Coverage, answer.json())], [])
  t.strictSame([answer.headers.etag, answer.headers['cache-control']], [undefined, 'public, max-age=1'])
  const { tiers, sources, ...all } = answer.json().data
  const ageMs = { p50: 61_000, p90: 9 * 3_600_000, p99: 9 * 3_600_000, max: 9 * 3_600_000 }
  const freshness = { live: 1, recent: 2, delayed: 0, stale: 1, dead: 0 }
  t.strictSame(all, { listed: 10, priced: 4, scored: 2, freshness, ageMs })
  const short = tiers.map((one: Coverage['data']['tiers'][number]) => [
    one.tier,
    one.listed,
    one.priced,
    one.scored,
    one.ageMs?.p50 ?? null,
  ])
  t.strictSame(short, [
    ['exchange', 1, 1, 1, 1_000],
    ['top500', 1, 1, 0, 61_000],
    ['ranked', 1, 1, 0, 61_001],
    ['tail', 7, 1, 1, 9 * 3_600_000],
  ])
  const each = (p: number) => ({ p50: p, p90: p, p99: p, max: p })
  t.strictSame(sources, [
    { source: 'coingecko', priced: 2, used: 5, ageMs: { ...each(61_001), p50: 61_000 } },
    { source: 'binance', priced: 1, used: 1, ageMs: each(1_000) },
    { source: 'defillama', priced: 1, used: 1, ageMs: each(9 * 3_600_000) },
  ])

  await world.publish.quotes([priced(-500, 'bitcoin', 'coingecko', 1)])
  await world.clock.advance(999)
  t.equal((await world.get('/api/coverage')).body, answer.body, 'worked out once a second')
  world.store.sources.statuses = async () => Promise.reject(new Error('gone'))
  await world.clock.advance(1)
  const later = (await world.get('/api/coverage')).json().data
  t.equal(later.tiers[0].listed, 1, 'an exchange that is silent has still listed the coin; and a store that is away')
  t.equal(later.ageMs.max, 9 * 3_600_000 + 1_000)
  t.equal(later.listed, 10)
})

t.test(
  'counts dead coins as dead, and leaves them out of ages; sources that say nothing any more are none',
  async (t) => {
    const dayMs = 86_400_000
    const of = (ageMs: number, coinId: string, source: string) => quotedBefore(ageMs, coinId, { source })
    const many = Array.from({ length: 30 }, (_, i) => of(i * 1_000, `coin-${i}`, i % 2 === 0 ? 'alpha' : 'beta'))
    const dead = [of(7 * dayMs + 1, 'dead', 'alpha'), of(900 * dayMs, 'long-dead', 'gone')]
    await using world = await openWorld({ quotes: [...many, ...dead, of(7 * dayMs, 'stale', 'replaced')] })
    await world.service.start()
    const coverage = async () => (await world.get('/api/coverage')).json().data as Coverage['data']
    const before = await coverage()
    t.match(before, { priced: 33, freshness: { stale: 1, dead: 2 } })
    t.strictSame(before.ageMs, { p50: 15_000, p90: 27_000, p99: 7 * dayMs, max: 7 * dayMs })
    t.match(before.tiers[1], { tier: 'top500', priced: 33, freshness: { dead: 2 }, ageMs: before.ageMs })
    t.match(before.sources, [
      { source: 'alpha', priced: 16, ageMs: { p50: 14_000, p90: 26_000, p99: 28_000, max: 28_000 } },
      { source: 'beta', priced: 15, ageMs: { p50: 15_000, p90: 27_000, p99: 29_000, max: 29_000 } },
      { source: 'gone', priced: 1, used: 1, ageMs: null },
      { source: 'replaced', priced: 1, ageMs: { max: 7 * dayMs } },
    ])
    await world.publish.quotes([of(0, 'stale', 'beta'), of(0, 'long-dead', 'beta')])
    await world.clock.advance(1_000)
    t.strictSame(
      (await coverage()).sources.map(({ source }) => source),
      ['beta', 'alpha'],
    )
  },
)

t.test('works coverage out while the store does not answer, from what it said last', async (t) => {
  await using world = await openWorld({ quotes: [quotedBefore(0, 'bitcoin')] })
  await world.store.sources.saveStatus(statusOf({ name: 'coingecko', kind: 'aggregator', universe: 10 }))
  await world.service.start()
  const listed = async () => (await world.get('/api/coverage')).json().data.listed
  t.equal(await listed(), 10)
  world.store.sources.statuses = () => new Promise(() => undefined)
  await world.clock.advance(1_000)
  t.equal(await listed(), 10, 'nobody waits for it')
})

t.test('tells ingestion every 30 s which coins were asked for, the 250 most wanted of them', async (t) => {
  const ids = Array.from({ length: 260 }, (_, i) => `coin-${String(i).padStart(3, '0')}`)
  const quotes = ids.map((id) => quotedBefore(0, id, { symbol: id.toUpperCase() }))
  await using world = await openWorld({ quotes, scored: [scoredBefore(0, 'coin-259')] })
  await world.service.start()
  const told: Interest[] = []
  await world.bus.consume('interest', { group: 'test', delivery: 'each' }, async (event) => void told.push(event))
  await world.clock.advance(60_000)
  for (const id of ids) await world.get(`/api/coins/${id}`, { 'if-none-match': '*' })
  for (const url of ['/api/signals/coin/coin-259', '/api/coins/by-symbol/coin-258', '/api/coins/coin-259']) {
    await world.get(url)
  }
  for (let i = 0; i < 9; i++) await world.get('/api/coins/unknown')
  await world.clock.advance(29_999)
  t.strictSame(told, [], 'nothing when nobody asked, nor before its time')
  await world.clock.advance(1)
  await until(() => told.length === 1)
  t.ok(Value.Check(Interest, told[0]))
  t.strictSame(told[0]?.coinIds, ['coin-259', 'coin-258', ...ids.slice(0, 248)])
  await world.clock.advance(60_000)
  await world.get('/api/coins/coin-007')
  await world.clock.advance(30_000)
  await until(() => told.length === 2)
  t.strictSame(told[1]?.coinIds, ['coin-007'], 'what was told is forgotten')
  t.not(told[0]?.id, told[1]?.id)
})

t.test('answers all the same while nobody takes what was asked for, and when it stops', async (t) => {
  await using world = await openWorld({ quotes: [quotedBefore(0, 'bitcoin')] })
  await world.service.start()
  await world.bus[Symbol.asyncDispose]()
  t.equal((await world.get('/api/coins/bitcoin')).statusCode, 200)
  await world.clock.advance(30_000)
  await until(() => world.lines.some(({ msg }) => msg === 'interest was not published'))
  t.equal((await world.get('/api/coins/bitcoin')).statusCode, 200)
  await world.service.stop()
  t.equal((await world.get('/api/coins/bitcoin')).statusCode, 200)
})

function statusOf(rest: Pick<SourceStatus, 'name' | 'kind'> & Partial<SourceStatus>): SourceStatus {
  return {
    title: rest.name,
    simulated: false,
    attribution: { text: rest.name, url: `https://${rest.name}.example` },
    terms: 'unknown',
    access: 'open',
    fields: ['price'],
    state: 'ok',
    connected: null,
    lastSuccessAt: null,
    lastError: null,
    lagMs: 0,
    universe: 0,
    coins: 0,
    heldBack: 0,
    feeds: [],
    sweep: null,
    sweptAt: null,
    nextSweepAt: null,
    budget: { perMinute: 1, minuteLeft: 1, perMonth: null, monthLeft: null, blockedUntil: null, exhaustsAt: null },
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...rest,
  }
}
