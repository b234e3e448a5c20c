import assert from 'node:assert/strict'
import { type Cache, openCache } from '@crypto-signals/cache'
import { dataVersionOf, etagOf } from '@crypto-signals/contracts'
import { FakeClock, REDIS_SERVER_MISSING, startRedisServer, until } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import type { Answer, Ask, Question } from '../question.ts'
import { cachedAnswers } from './cached.ts'

const V1 = dataVersionOf(1e12, 1)
const V2 = dataVersionOf(2e12, 2)

const answerOf = (version: string, text: string, changes: Partial<Answer> = {}): Answer => {
  const headers = { etag: etagOf(version), 'cache-control': 'public, max-age=1', 'content-type': 'application/json' }
  return { status: 200, headers, body: Buffer.from(text), ...changes }
}

/** A cache in front of a service whose answers are numbered and made from `state.version`. */
async function cached(cache?: Cache, answer?: (question: Question, text: string) => Answer | Promise<Answer>) {
  const clock = new FakeClock()
  const state = { version: V1, asked: [] as string[], sources: [] as string[], signals: [] as AbortSignal[] }
  const upstream: Ask = (question, signal) => {
    state.asked.push(question.path)
    state.signals.push(signal)
    const text = `${question.path} ${state.asked.length}`
    return answer?.(question, text) ?? answerOf(state.version, text)
  }
  const ask = cachedAnswers(upstream, {
    newestVersion: () => state.version,
    cache: cache ?? (await openCache({ clock })),
    clock,
    count: (source) => void state.sources.push(source),
  })
  const { signal: present } = new AbortController()
  const get = async (path: string, { method = 'GET', signal = present } = {}) => {
    const { body } = await ask({ method, path, headers: {}, body: null }, signal)
    return body.toString()
  }
  return { get, clock, state }
}

t.test('gives an answer again until its max-age is over, counted from when it was asked for', async (t) => {
  const arrival = Promise.withResolvers<void>()
  const { get, clock, state } = await cached(undefined, async (_question, text) => {
    if (state.asked.length === 1) await arrival.promise
    return answerOf(V1, text)
  })
  const first = get('/a')
  await clock.advance(400)
  arrival.resolve()
  t.equal(await first, '/a 1')
  await clock.advance(599)
  t.equal(await get('/a'), '/a 1')
  await clock.advance(1)
  t.equal(await get('/a'), '/a 2')
  t.strictSame(state.sources, ['miss', 'memory', 'miss'])
})

t.test('gives an answer again also when its tag tells how long its data have stood still', async (t) => {
  const { get } = await cached(undefined, (_question, text) =>
    answerOf(V1, text, { headers: { etag: etagOf(V1, 3_600_000), 'cache-control': 'public, max-age=1' } }),
  )
  t.equal(await get('/a'), '/a 1')
  t.equal(await get('/a'), '/a 1')
})

t.test('gives it not once more when newer data are known, nor when the clock was set back', async (t) => {
  const { get, clock, state } = await cached()
  t.equal(await get('/a'), '/a 1')
  state.version = V2
  t.equal(await get('/a'), '/a 2')
  t.equal(await get('/a'), '/a 2')
  await clock.advance(-3_600_000)
  t.equal(await get('/a'), '/a 3')
})

t.test('keeps no answer but a 200 that says what it is made of and how long it lasts', async (t) => {
  const headers = { etag: etagOf(V1), 'cache-control': 'public, max-age=1' }
  const others: Partial<Answer>[] = [
    { status: 404 },
    { status: 400 },
    { status: 201 },
    { headers: { 'cache-control': 'max-age=1' } },
    { headers: { etag: etagOf(V1) } },
    { headers: { ...headers, etag: `"${V1}"` } },
    { headers: { ...headers, 'cache-control': 'no-store, max-age=1' } },
    { headers: { ...headers, 'cache-control': 'private, max-age=1' } },
    { headers: { ...headers, 'cache-control': 'public, max-age=0' } },
    { headers: { ...headers, 'cache-control': 'public, s-max-age=1' } },
    { headers: { ...headers, etag: etagOf(V2) } },
  ]
  for (const changes of others) {
    const { get } = await cached(undefined, (_question, text) => answerOf(V1, text, changes))
    await get('/a')
    t.equal(await get('/a'), '/a 2', JSON.stringify(changes))
  }
  const { get } = await cached()
  await get('/a', { method: 'POST' })
  t.equal(await get('/a', { method: 'POST' }), '/a 2')
  const long = `/a?${'x'.repeat(2_048)}`
  await get(long)
  t.match(await get(long), /4$/, 'a path that no route takes is asked each time')
})

t.test('keeps a failure from nobody and for nobody', async (t) => {
  const { get, state } = await cached(undefined, async (_question, text) => {
    if (state.asked.length === 1) throw new Error('away')
    return answerOf(V1, text)
  })
  const failed = await Promise.allSettled([get('/a'), get('/a')])
  t.strictSame(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  t.equal(await get('/a'), '/a 2')
})

t.test('asks once for what many ask at the same time', async (t) => {
  const arrival = Promise.withResolvers<void>()
  const { get, state } = await cached(undefined, async (_question, text) => {
    await arrival.promise
    return answerOf(V1, text)
  })
  const all = [...Array.from({ length: 50 }, () => get('/a')), get('/a?x')]
  arrival.resolve()
  t.strictSame(new Set(await Promise.all(all)), new Set(['/a 1', '/a?x 2']))
  t.strictSame(state.asked, ['/a', '/a?x'])
  t.equal(state.sources.filter((source) => source === 'memory').length, 49)
})

t.test('answers the others when the first caller goes away, and gives up when all have gone', async (t) => {
  const [arrival, never] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { get, state } = await cached(undefined, async (_question, text) => {
    await (state.asked.length === 2 ? never : arrival).promise
    return answerOf(V1, text)
  })
  const callers = [new AbortController(), new AbortController(), new AbortController()] as const
  const [first, second, third] = callers.map(({ signal }) => get('/a', { signal }))
  callers[0].abort()
  callers[1].abort()
  t.notOk(state.signals[0]?.aborted, 'one still waits')
  arrival.resolve()
  t.equal(await third, '/a 1')
  await Promise.all([first, second])

  const [gone, later] = [new AbortController(), new AbortController()]
  const lost = get('/b', { signal: gone.signal })
  await until(() => state.asked.length === 2)
  gone.abort()
  t.ok(state.signals[1]?.aborted, 'nobody waits')
  const anew = get('/b', { signal: later.signal })
  t.equal(await anew, '/b 3', 'who comes then does not join what was given up')
  never.reject(new Error('unwanted'))
  await t.rejects(lost)
  later.abort()
  t.equal(await get('/b'), '/b 3', 'and a caller who leaves with his answer takes it from nobody')
})

t.test('never gives an answer of one version for another, whichever replica answers', async (t) => {
  const versions = Array.from({ length: 4 }, (_, i) => dataVersionOf(1e12 + i, i))
  const step = fc.record({ newest: fc.nat(3), answers: fc.nat(3), path: fc.constantFrom('/a', '/b'), ms: fc.nat(400) })
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    let answering = V1
    const { get, state, clock } = await cached(undefined, ({ path }) =>
      answerOf(answering, `${answering} ${path} ${clock.now()}`),
    )
    for (const { newest, answers, path, ms } of steps) {
      await clock.advance(ms)
      state.version = versions[newest] as string
      answering = versions[answers] as string
      const before = state.asked.length
      const [version, from, at] = (await get(path)).split(' ')
      assert.equal(from, path)
      // Either what the replica said just now, or what was said of the newest version within its max-age.
      assert.equal(version, state.asked.length > before ? answering : state.version)
      assert.ok(clock.now() - Number(at) < 1_000)
    }
  })
  await fc.assert(property, { numRuns: 100 })
  t.pass('each answer was of its version')
})

t.test('never keeps an answer whose ETag is no version of the data', async (t) => {
  const { get, state } = await cached(undefined, ({ path }, text) => ({
    ...answerOf(V1, text),
    headers: { etag: etagOf(`bars.${path}`), 'cache-control': 'public, max-age=15' },
  }))
  for (let turn = 0; turn < 3; turn++) {
    t.match(await get('/api/coins/a/bars'), '/api/coins/a/bars ')
    t.match(await get('/api/coins/b/bars'), '/api/coins/b/bars ')
  }
  t.equal(state.asked.length, 6)
})

t.test('holds 16 MiB of what was asked for more than once, and 1 MiB of the rest', async (t) => {
  const large = 'x'.repeat(2 ** 19)
  const { get, state } = await cached(undefined, ({ path }) => answerOf(V1, path + large))
  const askedFor = async (path: string) => {
    const before = state.asked.length
    await get(path)
    return state.asked.length - before
  }
  for (let i = 0; i < 40; i++) await get(`/${i}`)
  t.equal(await askedFor('/39'), 0)
  t.equal(await askedFor('/37'), 1, 'a first answer made room')
  for (let i = 0; i < 40; i++) await get(`/${i}`)
  for (let i = 100; i < 140; i++) await get(`/${i}`)
  t.equal(await askedFor('/36'), 0, 'what is asked for once pushes out nothing that was asked for again')
  t.equal(await askedFor('/1'), 1, 'that has its limit too')
})

t.test('shares with the other replicas through Redis what is asked more than once', async (t) => {
  await using redis = await startRedisServer()
  if (redis === null) {
    t.pass('needs Redis', { skip: REDIS_SERVER_MISSING })
    return
  }
  await using cache = await openCache({ url: redis.url, clock: new FakeClock() })
  const [one, other] = [await cached(cache), await cached(cache)]
  await one.get('/a')
  await other.get('/a')
  t.strictSame([one.state.sources, other.state.sources], [['miss'], ['miss']], 'not at the first time')
  for (const { clock } of [one, other]) await clock.advance(1_000)
  t.equal(await one.get('/a'), '/a 2')
  t.equal(await other.get('/a'), '/a 2', 'what the one was told')
  t.equal(await other.get('/a'), '/a 2')
  t.strictSame(other.state.sources, ['miss', 'shared', 'memory'])

  const key = `answer:${V1}:/b`
  await other.get('/b')
  for (const nonsense of [
    '',
    'nonsense',
    '\n',
    '{}\nbody',
    `{"version":"${V2}","maxAgeMs":1000,"endsAt":1,"headers":{}}\nbody`,
  ]) {
    await cache.set(key, Buffer.from(nonsense), 60_000)
    await other.clock.advance(1_000)
    const asked = other.state.asked.length
    t.equal(await other.get('/b'), `/b ${asked + 1}`, 'what nobody of ours wrote is not believed')
  }
})
