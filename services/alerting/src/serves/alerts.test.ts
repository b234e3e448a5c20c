import { readFile } from 'node:fs/promises'
import { openBus } from '@crypto-signals/bus'
import { ALERT_SETTINGS, ALERT_TYPES, type TriggeredAlert } from '@crypto-signals/contracts'
import { createMetrics, createServer } from '@crypto-signals/service'
import { openStore } from '@crypto-signals/store'
import { alertOf, captureLog, FakeClock, quoteOf, scoredCoinOf, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { buildAlerting } from '../app.ts'
import { ALERTING_ERRORS } from '../errors.ts'

async function alerting(t: Test, { maxAlerts = 100 } = {}) {
  const dir = await tempDir()
  const clock = new FakeClock()
  const { log } = captureLog()
  const metrics = createMetrics()
  const bus = await openBus({ clock, log })
  const store = await openStore({ dataDir: dir.path, file: 'test.sqlite' })
  await store.quotes.save([quoteOf(), quoteOf({ coinId: 'ethereum' })])
  const service = buildAlerting({ bus, store, clock, log, metrics }, { simulated: true, maxAlerts })
  const app = createServer({ log, metrics })
  await app.register(service.routes ?? (() => undefined))
  await service.start()
  t.teardown(async () => {
    await app.close()
    await service.stop()
    for (const port of [bus, store, dir]) await port[Symbol.asyncDispose]()
  })
  const post = (payload: string | object, contentType = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/alerts', payload, headers: { 'content-type': contentType } })
  const dump = async () => JSON.stringify(await store.alerts.list({ offset: 0, limit: 1000 }))
  return { app, clock, store, service, post, dump }
}

const VALID = { coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 70_000 } }

t.test('sets an alert of each type, tells where it is, and shows it as it was set', async (t) => {
  const { app, post } = await alerting(t)
  for (const alertType of ALERT_TYPES) {
    const needed = 'threshold' in ALERT_SETTINGS[alertType].properties
    const settings = { ...(needed ? { threshold: 42 } : {}), timeframe: 'DAY_TRADING', cooldownMs: 60_000 }
    const answer = await post({ coinId: 'bitcoin', alertType, settings })
    t.equal(answer.statusCode, 201, answer.body)
    const { data, meta } = answer.json()
    const { alertId, ...rest } = data
    t.match(alertId, /^[0-9a-f-]{36}$/)
    const fresh = { isTriggered: false, triggerCount: 0, triggeredAt: null, createdAt: '2026-01-01T00:00:00.000Z' }
    t.strictSame(rest, { coinId: 'bitcoin', alertType, settings, ...fresh })
    t.equal(meta.source, 'simulated')
    t.equal(answer.headers.location, `/api/alerts/${alertId}`)
    const read = await app.inject(`/api/alerts/${alertId}`)
    t.same(read.json().data, data)
    t.equal(read.headers['cache-control'], 'no-store')
  }
})

t.test('needs no settings where a type has no threshold', async (t) => {
  const { post } = await alerting(t)
  for (const alertType of ['action_changed', 'strong_signal']) {
    const answer = await post({ coinId: 'bitcoin', alertType })
    t.match(answer.json(), { success: true, data: { alertType, settings: {} } })
  }
})

t.test('lists alerts page by page, newest first, of one coin if asked', async (t) => {
  const { app, clock, post } = await alerting(t)
  const ids: string[] = []
  for (let n = 0; n < 5; n++) {
    ids.unshift((await post({ ...VALID, coinId: n % 2 === 0 ? 'bitcoin' : 'ethereum' })).json().data.alertId)
    await clock.advance(1000)
  }
  const idsAt = async (query: string) =>
    (await app.inject(`/api/alerts?${query}`)).json().data.map((alert: { alertId: string }) => alert.alertId)
  t.same(await idsAt(''), ids)
  t.same(await idsAt('page=2&limit=2'), ids.slice(2, 4))
  t.same(await idsAt('page=4&limit=2'), [])
  t.same(await idsAt('coinId=ethereum'), [ids[1], ids[3]])
  t.same(await idsAt('coinId=dogecoin'), [])
  const { pagination } = (await app.inject('/api/alerts?page=2&limit=2')).json()
  t.same(pagination, { current_page: 2, total_pages: 3, total_items: 5, items_per_page: 2 })
  for (const bad of ['page=0', 'limit=101', 'limit=x', 'limit=1e1', 'coinId=', 'sort=age', 'page=1&page=2']) {
    const answer = await app.inject(`/api/alerts?${bad}`)
    t.equal(answer.statusCode, 400, bad)
    t.ok(answer.json().details.length > 0, bad)
  }
})

t.test('removes an alert once; its firings stay', async (t) => {
  const { app, store, post } = await alerting(t)
  await store.signals.save([scoredCoinOf({ price: 71_000 })])
  const { alertId } = (await post(VALID)).json().data
  await until(async () => (await store.alerts.triggered({ offset: 0, limit: 1 })).total === 1)
  const removal = await app.inject({ method: 'DELETE', url: `/api/alerts/${alertId}` })
  t.equal(removal.statusCode, 200)
  t.same(removal.json().data, { alertId, deleted: true })
  for (const method of ['GET', 'DELETE'] as const) {
    const answer = await app.inject({ method, url: `/api/alerts/${alertId}` })
    t.equal(answer.statusCode, 404)
    t.match(answer.json(), { success: false, code: 'ALERTING_ALERT_NOT_FOUND', details: [{ path: 'params/alertId' }] })
  }
  t.equal((await app.inject(`/api/alerts/triggered?alertId=${alertId}`)).json().data.length, 1)
})

t.test('shows what fired, newest first, with its evidence', async (t) => {
  const { app, store } = await alerting(t)
  const firings: TriggeredAlert[] = []
  for (let n = 1; n <= 3; n++) {
    const alert = alertOf({ alertId: `0196a000-0000-7000-8000-00000000000${n}` })
    await store.alerts.create({ alert, version: 1, seen: null, lastAction: null })
    const { alertId, coinId, alertType, settings } = alert
    const what = { alertId, coinId, alertType, settings, sequence: 1, isTriggered: true as const }
    const triggeredAt = `2026-01-01T00:00:1${n}.000Z`
    const evidence = { price: n, score: null, observedAt: triggeredAt }
    const firing = { triggerId: `0196a000-0000-5000-9000-00000000000${n}`, ...what, triggeredAt, evidence }
    const record = { alert: { ...alert, isTriggered: true, triggeredAt }, version: 2, seen: null, lastAction: null }
    t.ok(await store.alerts.advance(record, firing))
    firings.unshift(firing)
  }
  const { data, pagination } = (await app.inject('/api/alerts/triggered')).json()
  t.strictSame(data, firings)
  t.same(pagination, { current_page: 1, total_pages: 1, total_items: 3, items_per_page: 20 })
  t.equal((await app.inject('/api/alerts/triggered?page=2&limit=2')).json().data[0].triggerId, firings[2]?.triggerId)
  t.equal((await app.inject('/api/alerts/triggered?alertId=nonsense')).statusCode, 400)
})

t.test('turns an alert away when there are as many as there may be, also when many come at once', async (t) => {
  const { store, post } = await alerting(t, { maxAlerts: 3 })
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(VALID)))
  const refused = answers.filter(({ statusCode }) => statusCode === 409)
  t.equal(refused.length, 5)
  t.match(refused[0]?.json(), { success: false, code: 'ALERTING_LIMIT_REACHED' })
  t.equal(await store.alerts.count(), 3)
})

t.test('the version of the answers changes with each change and with nothing else', async (t) => {
  const { app, post } = await alerting(t)
  const version = async () => (await app.inject('/api/alerts')).json().meta.version
  const before = await version()
  t.equal(await version(), before)
  const { alertId } = (await post(VALID)).json().data
  const created = await version()
  t.not(created, before)
  await app.inject({ method: 'DELETE', url: `/api/alerts/${alertId}` })
  t.not(await version(), created)
})

/** Bodies that are valid JSON and no valid alert, as text. */
function badBodies(): string[] {
  const bodies: unknown[] = [null, true, 0, '', 'text', [], [VALID], {}, { alert: VALID }]
  const without = (name: string) => Object.fromEntries(Object.entries(VALID).filter(([key]) => key !== name))
  bodies.push(...Object.keys(VALID).map(without))
  const odd = [null, true, 0, 1.5, [], ['bitcoin'], {}, { $gt: '' }, { $ne: null }, '', '\u0000', 'a'.repeat(129)]
  bodies.push(...odd.map((coinId) => ({ ...VALID, coinId })))
  bodies.push(
    ...[...odd, 'PRICE_ABOVE', 'price', '__proto__', 'constructor'].map((alertType) => ({ ...VALID, alertType })),
  )
  bodies.push(
    ...[null, true, 0, 'x', [], {}, [{ threshold: 1 }], { threshold: 1, extra: 1 }].map((settings) => ({
      ...VALID,
      settings,
    })),
  )
  const OWNED = [
    'alertId',
    'isTriggered',
    'triggerCount',
    'triggeredAt',
    'createdAt',
    'userId',
    '_id',
    'version',
    'seen',
    'lastAction',
    '$where',
  ]
  bodies.push(...OWNED.map((name) => ({ ...VALID, [name]: 1 })))
  bodies.push(...OWNED.map((name) => ({ ...VALID, settings: { threshold: 1, [name]: 1 } })))
  const setting = (name: string, value: unknown) => ({ ...VALID, settings: { threshold: 1, [name]: value } })
  bodies.push(...[null, true, '1', '', [1], {}, { $gt: 0 }, 0, -1, 1e16].map((value) => setting('threshold', value)))
  bodies.push(...[null, 1, '', 'HOURLY', 'scalping', ['SCALPING'], {}].map((value) => setting('timeframe', value)))
  bodies.push(...[null, '1', -1, 0.5, 1e12, 2_592_000_001, [], {}].map((value) => setting('cooldownMs', value)))
  for (const alertType of ALERT_TYPES) {
    const none = !('threshold' in ALERT_SETTINGS[alertType].properties)
    const [low, high] = alertType.startsWith('score') ? [-0.1, 100.1] : [-100.1, 1e16]
    const thresholds = none ? [1] : [low, high, null, '5']
    bodies.push(...thresholds.map((threshold) => ({ coinId: 'bitcoin', alertType, settings: { threshold } })))
  }
  const texts = bodies.map((body) => JSON.stringify(body))
  const raw = (threshold: string) =>
    `{"coinId":"bitcoin","alertType":"price_above","settings":{"threshold":${threshold}}}`
  texts.push(...['1e999', '-1e999', '-0'].map(raw))
  const valid = JSON.stringify(VALID)
  for (const name of ['__proto__', 'constructor']) {
    texts.push(valid.replace('{', `{"${name}":{"prototype":{"isTriggered":true}},`))
    texts.push(valid.replace('{"threshold"', `{"${name}":{"prototype":{}},"threshold"`))
  }
  texts.push(valid.replace('{', '{"coinId":"ethereum",'), raw('1,"threshold":2'), raw('1,"thresh\\u006fld":2'))
  texts.push(
    raw(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
    valid.replace('{', `{"x":${'{"x":'.repeat(9000)}1${'}'.repeat(9000)},`),
  )
  return texts
}

t.test('answers every bad body with 400 and what is wrong with it, and changes nothing', async (t) => {
  const { post, dump } = await alerting(t)
  await post(VALID)
  const before = await dump()
  const broken = ['', '{', 'NaN', '{"coinId":}', `${JSON.stringify(VALID)}x`, '\ufeff', "{'coinId':1}"]
  const bodies = [...badBodies(), ...broken]
  t.ok(new Set(bodies).size >= 120, `${new Set(bodies).size} different bodies`)
  for (const body of bodies) {
    const answer = await post(body)
    const { success, code, details } = answer.json()
    const told = success === false && code.startsWith('HTTP_INVALID_') && details.length > 0
    if (answer.statusCode !== 400 || !told) t.fail(`${answer.statusCode} for ${body.slice(0, 200)}: ${answer.body}`)
  }
  for (const coinId of ['nonesuch', 'Bitcoin', ' bitcoin', 'bitcoin ', "' OR 1=1 --", '%', '../bitcoin', '\ud800']) {
    const answer = await post({ ...VALID, coinId })
    t.match(answer.json(), { code: 'ALERTING_UNKNOWN_COIN', details: [{ path: 'body/coinId' }] }, coinId)
    t.equal(answer.statusCode, 400)
  }
  t.equal(await dump(), before)
})

t.test('takes JSON alone and no more than 64 KiB of it', async (t) => {
  const { post, dump } = await alerting(t)
  const before = await dump()
  for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
    t.equal((await post(JSON.stringify(VALID), contentType)).statusCode, 415, contentType)
  }
  t.equal((await post(JSON.stringify({ ...VALID, pad: 'x'.repeat(64 * 1024) }))).statusCode, 413)
  t.equal(await dump(), before)
})

t.test('strings that look like fields are no fields', async (t) => {
  const { post } = await alerting(t)
  const answer = await post({ ...VALID, coinId: 'a","b":"c\\":' })
  t.equal(answer.json().code, 'ALERTING_UNKNOWN_COIN', 'the body itself was read')
})

t.test('the README tells every error there is', async (t) => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = [...readme.matchAll(/^\| `(ALERTING_\w+)` +\| (\d+) +\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  t.same(
    rows,
    Object.entries(ALERTING_ERRORS).map(([code, { status }]) => [code, status]),
  )
})
