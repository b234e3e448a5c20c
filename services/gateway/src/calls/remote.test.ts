import { dataVersionOf, etagOf } from '@crypto-signals/contracts'
import { captureLog, FakeClock, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { limitsBy } from '../../test/limits-by.ts'
import { json, startReplica, type TestReplica } from '../../test/replica.ts'
import { originsOf } from './addresses.ts'
import type { Outcome } from './ask.ts'
import { createRemote } from './remote.ts'

async function remoteOf(t: Test, replicas: TestReplica[]) {
  const [limits, { log, lines }, outcomes] = [new FakeClock(), captureLog(), [] as Outcome[]]
  const addresses = replicas.map(({ url }) => new URL(url))
  const called = (outcome: Outcome) => void outcomes.push(outcome)
  const remote = createRemote({
    name: 'thing',
    addresses,
    prefixes: ['/api/things'],
    clock: limitsBy(limits),
    log,
    called,
  })
  await remote.start()
  t.teardown(async () => {
    remote.stop()
    for (const replica of replicas) await replica[Symbol.asyncDispose]()
  })
  const { signal } = new AbortController()
  const ask = async (method = 'GET', body: Buffer | null = null, until = signal) => {
    try {
      const answer = await remote.ask({ method, path: '/api/things', headers: {}, body }, until)
      return { status: answer.status, body: answer.body.toString() }
    } catch (error) {
      return { code: (error as { code?: string }).code }
    }
  }
  return { ...remote, ask, limits, lines, outcomes }
}

const UNAVAILABLE = { code: 'HTTP_UNAVAILABLE' }
const seenBy = (...replicas: TestReplica[]) => replicas.map(({ seen }) => seen.length)
const fewestFirst = (counts: number[]) => counts.toSorted((a, b) => a - b)

t.test('spreads what is asked over the ready replicas, and most over those that are free', async (t) => {
  const [a, b, c] = [await startReplica(), await startReplica(), await startReplica()]
  const { ask, outcomes } = await remoteOf(t, [a, b, c])
  for (let i = 0; i < 30; i++) await ask()
  t.strictSame(seenBy(a, b, c), [10, 10, 10])
  const held = Promise.withResolvers<void>()
  a.answer = async (_request, response) => {
    await held.promise
    json(response, 200, {})
  }
  const slow = [ask(), ask(), ask()]
  await until(() => outcomes.length === 32)
  for (let i = 0; i < 10; i++) await ask()
  t.equal(a.seen.length, 11, 'a busy one is left in peace')
  held.resolve()
  await Promise.all(slow)
})

const FAULTS: Record<string, [TestReplica['answer'], Outcome]> = {
  'resets the connection': [(request) => request.socket.resetAndDestroy(), 'broken'],
  'closes without a word': [(request) => request.socket.end(), 'broken'],
  'says what is not HTTP': [(request) => request.socket.end('hello\n\n'), 'broken'],
  'breaks off in the body': [
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"success":')
      setImmediate(() => request.socket.resetAndDestroy())
    },
    'broken',
  ],
  'ends the body before its time': [
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{}')
      setImmediate(() => request.socket.end())
    },
    'broken',
  ],
  'answers without end': [
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = () => !response.destroyed && response.write(Buffer.alloc(2 ** 20), more)
      more()
    },
    'broken',
  ],
  'is a page of somebody else': [
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'),
    'unfit',
  ],
  'is a failure of somebody else': [(_request, response) => json(response, 404, { message: 'no such app' }), 'unfit'],
  'is a failure that is no JSON': [
    (_request, response) => response.writeHead(400, { 'content-type': 'application/json' }).end('{'),
    'unfit',
  ],
  'leads elsewhere': [
    (_request, response) => response.writeHead(302, { location: 'http://evil.example' }).end(),
    'unfit',
  ],
  'is not available': [(_request, response) => json(response, 503, { stack: 'at secret.ts:1' }), 'unavailable'],
  'is behind a bad gateway': [(_request, response) => response.writeHead(502).end('nginx'), 'unavailable'],
}

t.test('asks a read once more elsewhere when a replica fails, and avoids that one at once', async (t) => {
  for (const [fault, [answer, outcome]] of Object.entries(FAULTS)) {
    const [good, bad] = [await startReplica(), await startReplica({ answer })]
    const { ask, outcomes } = await remoteOf(t, [bad, good])
    const { looks } = bad
    const answers = await Promise.all([ask(), ask()])
    t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]), fault)
    t.strictSame(
      outcomes.filter((one) => one !== 'answered'),
      [outcome],
      fault,
    )
    for (let i = 0; i < 4; i++) await ask()
    if (bad.looks === looks) t.equal(bad.seen.length, 1, `not asked again before it was looked at: ${fault}`)
  }
})

t.test('asks a read once more at the only address, where another process may take the next connection', async (t) => {
  const only = await startReplica()
  const { ask, outcomes } = await remoteOf(t, [only])
  const well = only.answer
  only.answer = (request) => {
    only.answer = well
    request.socket.resetAndDestroy()
  }
  t.match(await ask(), { status: 200 })
  t.strictSame(outcomes, ['broken', 'answered'])
  only.answer = (request) => request.socket.resetAndDestroy()
  t.strictSame(await ask(), UNAVAILABLE)
  t.equal(only.seen.length, 4, 'twice each, and no more')
  t.strictSame(await ask('POST'), UNAVAILABLE)
  t.equal(only.seen.length, 5, 'what is no read once')
})

t.test('asks nothing but a read again when it may have been heard, and tells no text of a failure', async (t) => {
  for (const [fault, [answer, outcome]] of Object.entries(FAULTS)) {
    const replicas = [await startReplica({ answer }), await startReplica({ answer })]
    const { ask, outcomes } = await remoteOf(t, replicas)
    t.strictSame(await ask('POST', Buffer.from('{}')), UNAVAILABLE, fault)
    t.strictSame([outcomes, fewestFirst(seenBy(...replicas))], [[outcome], [0, 1]], fault)
    t.strictSame(await ask(), UNAVAILABLE, 'a read fails after two')
    t.strictSame(outcomes, [outcome, outcome, outcome], fault)
  }
})

t.test('passes on that something is wrong inside, not what, and blames no other replica for it', async (t) => {
  const answer: TestReplica['answer'] = (_request, response) => json(response, 500, { stack: 'at secret.ts:1' })
  const replicas = [await startReplica({ answer }), await startReplica({ answer })]
  const { ask, outcomes } = await remoteOf(t, replicas)
  t.strictSame(await ask(), { code: 'HTTP_INTERNAL' })
  t.strictSame(await ask('DELETE'), { code: 'HTTP_INTERNAL' })
  t.strictSame(outcomes, ['error', 'error'])
})

t.test('asks anything elsewhere when a replica cannot be reached, and says so when none can', async (t) => {
  const [a, b] = [await startReplica(), await startReplica()]
  const { ask, outcomes, readiness, lines } = await remoteOf(t, [a, b])
  await a.die()
  for (let i = 0; i < 6; i++) t.equal((await ask('POST', Buffer.from('{}'))).status, 200)
  t.equal(b.seen.length, 6)
  t.ok(outcomes.filter((one) => one === 'refused').length <= 1, 'and tries it once at most')
  await b.die()
  t.strictSame(await ask('POST', Buffer.from('{}')), UNAVAILABLE)
  const told = () => lines.filter(({ origin }) => origin === a.url).map(({ msg }) => msg)
  await until(async () => !(await readiness()).ready && told().length === 2)
  t.match(await readiness(), { reasons: ['does not answer'], counts: {} })
  t.strictSame(await ask(), UNAVAILABLE)
  await Promise.all([a.rise(), b.rise()])
  await until(async () => (await readiness()).ready)
  t.equal((await ask()).status, 200, 'and comes back by itself')
  t.strictSame(told(), ['a replica is ready', 'a replica is not ready', 'a replica is ready'])
})

t.test('finds a replica that was not there at the start', async (t) => {
  const late = await startReplica()
  await late.die()
  const { ask, readiness } = await remoteOf(t, [late])
  t.strictSame([await ask(), (await readiness()).ready], [UNAVAILABLE, false])
  await late.rise()
  await until(async () => (await readiness()).ready)
  t.equal((await ask()).status, 200)
})

t.test('gives a read that stalls in its body to another replica, and a change up in time', async (t) => {
  const answer: TestReplica['answer'] = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"success":')
  }
  const [good, bad] = [await startReplica(), await startReplica({ answer })]
  const { ask, outcomes, limits } = await remoteOf(t, [bad, good])
  const answers = [ask(), ask()]
  await until(() => bad.seen.length === 1)
  await limits.advance(1_200)
  t.strictSame(
    await Promise.all(answers),
    answers.map(() => ({ status: 200, body: '{"success":true}' })),
  )
  t.strictSame(outcomes.toSorted(), ['answered', 'answered', 'late'])
  await good.die()
  const changed = ask('POST', Buffer.from('{}'))
  await until(() => bad.seen.length === 2)
  await limits.advance(8_999)
  t.equal(outcomes.filter((one) => one === 'late').length, 1)
  await limits.advance(1)
  t.strictSame(await changed, UNAVAILABLE)
})

t.test('has failed a read 2.4 s after it came when two replicas stall, before or in the body', async (t) => {
  const heads: TestReplica['answer'] = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"success":')
  }
  for (const answer of [heads, () => undefined]) {
    const replicas = [await startReplica({ answer }), await startReplica({ answer })]
    const { ask, outcomes, limits } = await remoteOf(t, replicas)
    const began = limits.now()
    const asked = ask()
    for (const tries of [1, 2]) {
      await until(() => seenBy(...replicas).filter((count) => count === 1).length === tries)
      while (outcomes.length < tries && limits.now() - began < 2_400) await limits.advance(100)
    }
    t.strictSame(outcomes, ['late', 'late'])
    t.strictSame(await asked, UNAVAILABLE)
  }
})

t.test('gives up what nobody waits for, down to the connection', async (t) => {
  const closed = Promise.withResolvers<void>()
  const answer: TestReplica['answer'] = (_request, response) => {
    response.on('close', closed.resolve)
    response.writeHead(200, { 'content-type': 'application/json' }).write('{')
  }
  const replicas = [await startReplica({ answer }), await startReplica({ answer })]
  const { ask, outcomes } = await remoteOf(t, replicas)
  const gone = new AbortController()
  const asked = ask('GET', null, gone.signal)
  await until(() => seenBy(...replicas).includes(1))
  gone.abort()
  await closed.promise
  t.strictSame(await asked, UNAVAILABLE)
  t.strictSame([outcomes, fewestFirst(seenBy(...replicas))], [['unwanted'], [0, 1]], 'and asks nobody else')
  await ask('GET', null, AbortSignal.abort())
  t.strictSame(fewestFirst(seenBy(...replicas)), [0, 1], 'nor for whom is gone already')
})

t.test('asks no replica that is not ready, and says why none is', async (t) => {
  const [a, b] = [await startReplica(), await startReplica()]
  const { ask, readiness } = await remoteOf(t, [a, b])
  a.readiness = { ready: false, reasons: ['draining'], counts: {} }
  const looks = a.looks
  await until(() => a.looks > looks + 1)
  for (let i = 0; i < 4; i++) await ask()
  t.strictSame(seenBy(a, b), [0, 4])
  t.match(await readiness(), { ready: true, reasons: [] }, 'one that is ready is enough')
  b.readiness = { ready: false, reasons: ['still reading'], counts: {} }
  await until(async () => !(await readiness()).ready)
  t.strictSame((await readiness()).reasons, ['draining', 'still reading'])
  t.strictSame(await ask(), UNAVAILABLE)
})

t.test('takes for ready only what says so in the words of our services', async (t) => {
  const others = ['ok', { ready: true }, { ready: 'true', reasons: [], counts: {} }, [], true]
  for (const readiness of others) {
    const remote = await remoteOf(t, [await startReplica({ readiness: readiness as never })])
    t.equal((await remote.readiness()).ready, false, JSON.stringify(readiness))
    t.strictSame(await remote.ask(), UNAVAILABLE)
  }
})

t.test('has the newest version that a ready replica has, also one that only an answer told of', async (t) => {
  const versionAt = (ms: number, hash: number) => dataVersionOf(ms, hash)
  const [older, old] = [versionAt(5e11, 1), versionAt(1e12, 9)]
  const [newer, newest] = [versionAt(2e12, 1), versionAt(3e12, 1)]
  const ready = (version: string) => ({ ready: true, reasons: [], counts: { coins: 1 }, version })
  const [a, b] = [await startReplica({ readiness: ready(old) }), await startReplica({ readiness: ready(newer) })]
  const { ask, newestVersion, readiness } = await remoteOf(t, [a, b])
  t.equal(newestVersion(), newer)
  t.equal((await readiness()).version, newer)
  const answersFrom = (version: string) => {
    b.answer = (_request, response) => json(response, 200, {}, { etag: etagOf(version) })
  }
  b.readiness = ready(newest)
  for (const version of [newest, old]) {
    answersFrom(version)
    await ask()
    t.equal(newestVersion(), newest, 'and an older one takes nothing back')
  }
  b.readiness = { ...ready(newest), ready: false }
  await until(() => newestVersion() === old)
  a.readiness = ready(older)
  await until(() => newestVersion() === older)
  t.pass('data that went back are followed')
})

t.test(
  'asks a replica whose data are behind only when there is no other, and spreads what is asked over the rest',
  async (t) => {
    const ready = (receiptMs: number) => ({
      ready: true,
      reasons: [],
      counts: { coins: 1 },
      version: dataVersionOf(receiptMs, 1),
    })
    const [old, newest] = [1e12, 1e12 + 60_000]
    const [a, b, c] = [
      await startReplica({ readiness: ready(newest) }),
      await startReplica({ readiness: ready(newest - 1_000) }),
      await startReplica({ readiness: ready(old) }),
    ]
    const { ask } = await remoteOf(t, [a, b, c])
    for (let i = 0; i < 10; i++) await ask()
    t.strictSame(seenBy(a, b, c), [5, 5, 0], 'a second is forgiven, a minute is not')
    const held = Promise.withResolvers<void>()
    for (const replica of [a, b]) {
      replica.answer = async (_request, response) => {
        await held.promise
        json(response, 200, {})
      }
    }
    const slow = Array.from({ length: 6 }, () => ask())
    await until(() => a.seen.length + b.seen.length === 16)
    t.equal(c.seen.length, 0, 'however busy the others are')
    held.resolve()
    await Promise.all(slow)
    await Promise.all([a.die(), b.die()])
    await until(async () => (await ask()).status === 200)
    t.ok(c.seen.length > 0)
  },
)

t.test('lets nobody see data go back as soon as one answer told of newer ones', async (t) => {
  const [old, newer] = [dataVersionOf(1e12, 1), dataVersionOf(1e12 + 1_001, 1)]
  const answer =
    (version: string): TestReplica['answer'] =>
    (_request, response) =>
      json(response, 200, { version }, { etag: etagOf(version) })
  const readiness = { ready: true, reasons: [], counts: {}, version: old }
  const replicas = [
    await startReplica({ readiness, answer: answer(old) }),
    await startReplica({ readiness, answer: answer(old) }),
  ] as const
  const { ask } = await remoteOf(t, [...replicas])
  replicas[0].readiness = { ...readiness, version: newer }
  replicas[0].answer = answer(newer)
  const seen: string[] = []
  for (let i = 0; i < 10; i++) seen.push(JSON.parse((await ask()).body ?? '').version)
  const first = seen.indexOf(newer)
  t.ok(first >= 0 && first <= 1, 'each was asked in turn until then')
  t.strictSame(new Set(seen.slice(first)), new Set([newer]))
})

t.test('knows the paths that its replicas document, those that are its own alone', async (t) => {
  const paths = {
    '/api/things': { get: {} },
    '/api/things/{id}': {},
    '/api/thingsx': {},
    '/livez': {},
    '/api/alerts': {},
  }
  const broken = await startReplica({ document: { paths: 'nonsense' } })
  const { documented } = await remoteOf(t, [broken])
  t.strictSame(documented?.(), {})
  broken.document = { openapi: '3.1.0', paths }
  await until(() => Object.keys(documented?.() ?? {}).length > 0)
  t.strictSame(Object.keys(documented?.() ?? {}), ['/api/things', '/api/things/{id}'])
  await broken.die()
  t.ok('/api/things' in (documented?.() ?? {}), 'and does not forget them')
})

t.test('finds each address that is behind a name', async (t) => {
  t.strictSame(await originsOf(new URL('http://10.1.2.3:3001')), ['http://10.1.2.3:3001'])
  t.strictSame(await originsOf(new URL('http://[::1]:3001/')), ['http://[::1]:3001'])
  t.strictSame(await originsOf(new URL('http://10.1.2.3')), ['http://10.1.2.3'])
  const found = await originsOf(new URL('http://localhost:3001'))
  t.ok(found.includes('http://127.0.0.1:3001') || found.includes('http://[::1]:3001'))
  await t.rejects(originsOf(new URL('http://nothing.invalid:3001')))
})
