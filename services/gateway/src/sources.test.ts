import { MarketFigures, type SourceStatus, SourcesList } from '@crypto-signals/contracts'
import { until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { gateway, READY, statusOf } from '../test/gateway.ts'

t.test('is healthy while one of many sources fails, and shows it all the same', async (t) => {
  const { app, store, clock } = await gateway(t)
  const ask = async () => (await app.inject('/api/health')).json()
  const nothing = { universe: 0, sweep: null, sweptAt: null, nextSweepAt: null }
  const blocked = { ...nothing, name: 'binance', kind: 'exchange', state: 'failing', lastError: 'HTTP 451' } as const
  const fallen = { ...nothing, name: 'bybit', kind: 'exchange', state: 'starting', lastSuccessAt: null } as const
  const index = statusOf(clock, { ...nothing, name: 'alternative-me', kind: 'index' })
  for (const status of [statusOf(clock), statusOf(clock, blocked), statusOf(clock, fallen), index]) {
    await store.sources.saveStatus(status)
  }
  const { status, reasons, sources } = await ask()
  t.strictSame([status, reasons], ['OK', []])
  t.match(
    sources.find(({ name }: SourceStatus) => name === 'binance'),
    { state: 'failing', lastError: 'HTTP 451' },
  )
  await store.sources.saveStatus(statusOf(clock, { state: 'limited' }))
  t.equal((await ask()).status, 'OK', 'a pause is no failure')
  await store.sources.saveStatus(statusOf(clock, { state: 'failing', lastError: 'HTTP 500', universe: 0 }))
  t.match(await ask(), {
    status: 'WARNING',
    reasons: [
      'binance is failing: HTTP 451',
      'bybit has not answered yet',
      'coingecko is failing: HTTP 500',
      'no source has told which coins there are',
    ],
  })
})

t.test('warns when half of all coins there are have no price of today', async (t) => {
  const ask = async (universe: number, fresh: number) => {
    const readiness = async () => ({ ...READY, counts: { coins: 100, signals: 400, fresh } })
    const { app, store, clock } = await gateway(t, {}, { readiness })
    await store.sources.saveStatus(statusOf(clock, { universe }))
    return (await app.inject('/api/health')).json().reasons
  }
  t.strictSame(await ask(100, 50), [])
  t.strictSame(await ask(100, 49), ['51 of 100 coins have no price younger than 8 h'])
  t.strictSame(await ask(201, 100), ['101 of 201 coins have no price younger than 8 h'], 'those never seen count too')
})

t.test('shows each source with its attribution, limits and state, and nothing else of it', async (t) => {
  const { app, store, clock } = await gateway(t)
  const empty = (await app.inject('/api/sources')).json()
  t.strictSame(empty, { success: true, data: [], count: 0, meta: { source: 'live' } })
  const at = new Date(clock.now()).toISOString()
  const feed = { name: 'tickers', everyMs: 30_000, startedAt: at, finishedAt: null, nextAt: null }
  const status = statusOf(clock, {
    name: 'binance',
    kind: 'exchange',
    connected: false,
    feeds: [{ ...feed, callsDone: 0, callsTotal: 1, rowsGood: 0, rowsBad: 0 }],
    budget: { perMinute: 30, minuteLeft: 2, perMonth: 10_000, monthLeft: 5, blockedUntil: at, exhaustsAt: at },
  })
  await store.sources.saveStatus(statusOf(clock, { state: 'failing', lastError: 'HTTP 401' }))
  await store.sources.saveStatus({ ...status, apiKey: 'secret' } as SourceStatus)
  const answer = await app.inject('/api/sources')
  t.strictSame([answer.statusCode, answer.headers['cache-control']], [200, 'public, max-age=1'])
  t.strictSame([...Value.Errors(SourcesList, answer.json())], [])
  t.strictSame(answer.json().data[0], status)
  t.match(answer.json().data[1], { name: 'coingecko', state: 'failing', lastError: 'HTTP 401' })
  t.notMatch(answer.body, /secret/)
})

t.test('tells the figures of the whole market with their age, and null while they are not known', async (t) => {
  const { app, store, clock } = await gateway(t)
  t.strictSame((await app.inject('/api/market')).json().data, { fearGreed: null })
  const observedAt = new Date(clock.now() - 5_000).toISOString()
  const fearGreed = { value: 63, label: 'Greed', source: 'alternative-me', observedAt }
  await store.sources.saveIndex({ index: 'fear-greed', ...fearGreed })
  const answer = await app.inject('/api/market')
  t.strictSame(answer.json().data, { fearGreed: { ...fearGreed, ageMs: 5_000 } })
  t.ok(Value.Check(MarketFigures, answer.json()))
})

t.test('answers 503 for sources and market while the store does not, and tells nothing of it', async (t) => {
  const { app, store, clock } = await gateway(t)
  store.sources.statuses = () => Promise.reject(new Error('mongodb://secret'))
  store.sources.indices = () => new Promise(() => undefined)
  const refused = await app.inject('/api/sources')
  t.strictSame([refused.statusCode, refused.json().code], [503, 'HTTP_UNAVAILABLE'])
  t.strictSame([refused.headers['cache-control'], refused.body.includes('secret')], ['no-store', false])
  const before = clock.sleeping
  const asked = app.inject('/api/market')
  await until(() => clock.sleeping > before)
  await clock.advance(2_000)
  t.equal((await asked).statusCode, 503)
})

t.test('warns when a source has had no word for 5 minutes more than it need be silent', async (t) => {
  const { app, store, clock } = await gateway(t)
  const ask = async () => (await app.inject('/api/health')).json()
  const in10Minutes = new Date(clock.now() + 600_000).toISOString()
  await store.sources.saveStatus(statusOf(clock, { nextSweepAt: null }))
  await clock.advance(300_000)
  t.match(await ask(), { status: 'OK', reasons: [] })
  await clock.advance(1)
  t.match(await ask(), { status: 'WARNING', reasons: ['coingecko: its status has not been written for 5 min'] })
  await store.sources.saveStatus(statusOf(clock, { nextSweepAt: in10Minutes }))
  await clock.advance(600_000 - 1)
  t.match(await ask(), { status: 'OK' }, 'it said that it will rest until then')
  await clock.advance(1)
  t.match(await ask(), { status: 'WARNING', reasons: ['coingecko: its status has not been written for 10 min'] })
})

t.test('counts as silence only what was due of some source, and only while none has a word', async (t) => {
  const { app, store, clock } = await gateway(t)
  const reasons = async () => (await app.inject('/api/health')).json().reasons
  const later = (ms: number) => new Date(clock.now() + ms).toISOString()
  const feedAt = (nextAt: string | null) => {
    const counts = { callsDone: 1, callsTotal: 1, rowsGood: 1, rowsBad: 0 }
    return [{ name: 'feed', everyMs: 1, startedAt: null, finishedAt: null, nextAt, ...counts }]
  }
  await store.sources.saveStatus(statusOf(clock, { nextSweepAt: later(3_600_000), feeds: feedAt(later(3_600_000)) }))
  await clock.advance(400_000)
  t.strictSame(await reasons(), [], 'nothing was due')
  const exchange = { name: 'binance', kind: 'exchange', nextSweepAt: null, universe: 0 } as const
  await store.sources.saveStatus(
    statusOf(clock, { ...exchange, feeds: [...feedAt(later(3_600_000)), ...feedAt(later(1))] }),
  )
  await clock.advance(300_000)
  t.strictSame(await reasons(), [])
  await clock.advance(2)
  t.strictSame(await reasons(), ['binance: its status has not been written for 5 min'])
  await store.sources.saveStatus(statusOf(clock, { name: 'okx', kind: 'exchange', nextSweepAt: null, universe: 0 }))
  t.strictSame(await reasons(), [], 'whoever writes them is there')
})
