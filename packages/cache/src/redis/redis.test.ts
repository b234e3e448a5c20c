import { systemClock } from '@crypto-signals/clock'
import { captureLog, REDIS_SERVER_MISSING, type RedisServer, startRedisServer, until } from '@crypto-signals/testing'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import t, { type Test } from 'tap'
import { cacheContract } from '../cache.contract.ts'
import type { Cache, Lease } from '../cache.ts'
import { openCache } from '../open.ts'
import { openRedis } from './open.ts'

function testRedis(server: RedisServer): void {
  t.teardown(() => server[Symbol.asyncDispose]())
  // One after the other, on one server: each begins with an empty one.
  t.beforeEach(() => ask(server, (client) => client.flushall()))

  cacheContract('redis', async () => {
    await ask(server, (client) => client.flushall())
    return { cache: await open(server), openIn: (namespace) => open(server, { namespace }), pass }
  })
  for (const outage of outagesOf(server)) testOutage(server, outage)
  testSharing(server)
  testLeases(server)
  testConnection(server)
}

/** Redis' clock is its own. A millisecond more, as timers may be early by a part of one. */
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms + 1))

// More than in earnest, so that a machine with other things to do is not taken for an outage.
const PATIENCE_MS = 500

const open = ({ url }: RedisServer, { log = captureLog().log, namespace }: { log?: Logger; namespace?: string } = {}) =>
  openRedis({ url, namespace, clock: systemClock, log, timeoutMs: PATIENCE_MS })

async function ask<T>({ url }: RedisServer, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url)
  try {
    return await question(client)
  } finally {
    client.disconnect()
  }
}

interface Outage {
  what: string
  begin: () => unknown
  end: () => unknown
}

const outagesOf = (server: RedisServer): Outage[] => [
  { what: 'was killed and comes back empty', begin: () => server.kill(), end: () => server.restart() },
  { what: 'stands still', begin: () => server.freeze(), end: () => server.thaw() },
  {
    what: 'has no memory left',
    begin: () => ask(server, (client) => client.config('SET', 'maxmemory', '1')),
    end: () => ask(server, (client) => client.config('SET', 'maxmemory', '0')),
  },
  {
    what: 'became a replica',
    begin: () => ask(server, (client) => client.replicaof('127.0.0.1', '1')),
    end: () => ask(server, (client) => client.replicaof('NO', 'ONE')),
  },
]

const WINDOW_MS = 600_000
const countOf = async (cache: Cache) => (await cache.increment('a', WINDOW_MS)).count

function testOutage(server: RedisServer, { what, begin, end }: Outage): void {
  t.test(`a Redis that ${what} holds nobody up, and is used again afterwards`, async (t) => {
    const { log, lines } = captureLog()
    await using cache = await open(server, { log })
    await cache.set('a', Uint8Array.of(1), WINDOW_MS)
    for (const expected of [1, 2, 3]) t.equal(await countOf(cache), expected)

    await begin()
    t.equal(await countOf(cache), 4, 'goes on from what was shared last')
    t.equal(cache.degraded(), true)
    t.equal(await cache.get('a'), null)
    await t.resolves(cache.set('a', Uint8Array.of(2), WINDOW_MS))
    await t.rejects(cache.lease('a', 'me', WINDOW_MS), { message: /Redis/ })
    await t.rejects(cache.ping(), { message: /Redis/ })
    for (const expected of [5, 6, 7]) t.equal(await atOnce(countOf(cache)), expected)
    t.equal(await atOnce(cache.get('a')), null)
    t.equal(warningsOf(lines), 1, 'says so once')

    await end()
    await until(() => !cache.degraded())
    t.equal(await countOf(cache), 8)
    await using other = await open(server)
    t.equal(await countOf(other), 9, 'others learn what was counted meanwhile')
    t.ok(await cache.lease('a', 'me', WINDOW_MS))
    await t.resolves(cache.ping())
  })
}

/** What `work` resolves to if it waits for nothing from outside. */
const atOnce = <T>(work: Promise<T>) =>
  Promise.race([work, new Promise<string>((resolve) => setImmediate(resolve, 'it waits'))])

const warningsOf = (lines: { level: number }[]) => lines.filter(({ level }) => level >= 40).length

function testSharing(server: RedisServer): void {
  t.test('replicas count together, and find what another keeps', async (t) => {
    await using one = await open(server)
    await using two = await open(server)
    const counts = await Promise.all(Array.from({ length: 100 }, (_, index) => countOf(index % 2 ? one : two)))
    t.same(
      counts.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    await one.set('a', Uint8Array.of(7), WINDOW_MS)
    t.same([...((await two.get('a')) ?? [])], [7])
  })

  t.test(
    'a limit lets no more through than limit x (replicas + 1), whatever happens to Redis within its window',
    async (t) => {
      const limit = 20
      await using one = await open(server)
      await using two = await open(server)
      const admit = async (replica: Cache, requests: number) => {
        let admitted = 0
        for (let request = 0; request < requests; request++) if ((await countOf(replica)) <= limit) admitted++
        return admitted
      }
      const recovered = () => until(() => !one.degraded() && !two.degraded())
      let admitted = (await admit(one, 8)) + (await admit(two, 7))
      server.freeze()
      admitted += (await admit(one, 4)) + (await admit(two, 3))
      server.thaw()
      await recovered()
      admitted += (await admit(one, 1)) + (await admit(two, 1))
      for (const _restart of [1, 2, 3]) {
        await server.restart()
        admitted += (await admit(one, 2)) + (await admit(two, 2))
        await recovered()
        admitted += (await admit(two, 4)) + (await admit(one, 4))
      }
      admitted += (await admit(one, limit)) + (await admit(two, limit))
      t.ok(admitted >= limit, 'lets through what it should')
      t.ok(admitted <= limit * 3, `lets through ${admitted}`)
    },
  )

  t.test('every key bears our prefix, is short, and runs out unless it is a lease', async (t) => {
    await using cache = await open(server)
    for (const key of ['a', 'long'.repeat(10_000), '\r\nFLUSHALL\r\n']) {
      await cache.increment(key, WINDOW_MS)
      await cache.set(key, Uint8Array.of(1), WINDOW_MS)
    }
    await cache.lease('a', 'me', WINDOW_MS)
    await ask(server, async (client) => {
      const keys = await client.keys('*')
      t.equal(keys.length, 7)
      for (const key of keys) {
        t.match(key, /^crypto-signals:/)
        t.ok(key.length < 200)
        t.equal((await client.pttl(key)) > 0, !key.includes(':lease:'))
      }
    })
  })

  t.test('goes on when Redis forgets its scripts', async (t) => {
    await using cache = await open(server)
    t.equal(await countOf(cache), 1)
    await ask(server, (client) => client.script('FLUSH'))
    t.equal(await countOf(cache), 2)
    t.equal(cache.degraded(), false)
  })
}

function testLeases(server: RedisServer): void {
  t.test('of two that race for a lease one holds it at any time, and each new one bears a higher token', async (t) => {
    const replicas = [await open(server), await open(server)]
    const current: (Lease | null)[] = [null, null]
    const tokens: number[] = []
    const race = async (cache: Cache, index: number) => {
      while (tokens.length < 60) {
        const lease = await cache.lease('leader', `replica ${index}`, 40)
        if (lease === null) continue
        tokens.push(lease.token)
        current[index] = lease
        t.ok(current.filter((held) => held?.isHeld()).length <= 1)
        // Every other one is left to run out.
        if (tokens.length % 2) await lease.release()
        else await until(() => !lease.isHeld())
      }
    }
    await Promise.all(replicas.map(race))
    for (const replica of replicas) await replica[Symbol.asyncDispose]()
    t.same(
      tokens,
      [...new Set(tokens)].sort((a, b) => a - b),
    )
  })

  t.test(
    'after Redis came back empty the next lease bears a higher token, and the earlier cannot be renewed',
    async (t) => {
      await using cache = await open(server)
      await using other = await open(server)
      const before = await cache.lease('leader', 'one', WINDOW_MS)
      await server.restart()
      await until(() => !other.degraded() && !cache.degraded())
      const after = await other.lease('leader', 'two', WINDOW_MS)
      t.ok(before && after && after.token > before.token)
      t.equal(await before?.renew(), false)
      t.equal(before?.isHeld(), false)
    },
  )

  t.test(
    'a lease is held through an outage as long as its time lasts, and is released though nobody hears it',
    async (t) => {
      await using cache = await open(server)
      const lease = await cache.lease('leader', 'one', WINDOW_MS)
      server.freeze()
      t.equal(await lease?.renew().catch(() => 'rejected'), 'rejected')
      t.equal(lease?.isHeld(), true)
      await lease?.release()
      t.equal(lease?.isHeld(), false)
      server.thaw()
    },
  )
}

function testConnection(server: RedisServer): void {
  t.test('opens while Redis is not there, and uses it when it comes', async (t) => {
    await server.kill()
    const { log, lines } = captureLog()
    await using cache = await openCache({ url: server.url, clock: systemClock, log })
    t.equal(cache.adapter, 'redis')
    t.equal(cache.degraded(), true)
    t.equal(await countOf(cache), 1)
    t.equal(warningsOf(lines), 1)
    await server.restart()
    await until(() => !cache.degraded())
    t.match(lines.at(-1), { level: 30, msg: /again/ })
  })

  t.test('notices a loss though nobody asks anything', async (t) => {
    await using cache = await open(server)
    await server.kill()
    await until(() => cache.degraded())
    await server.restart()
    await until(() => !cache.degraded())
    t.equal(await countOf(cache), 1)
  })

  for (const asked of [false, true]) {
    t.test(`closes while Redis stands still, which it ${asked ? 'knows' : 'does not know yet'}`, async (t) => {
      const cache = await open(server)
      server.freeze()
      if (asked) await countOf(cache)
      await t.resolves(async () => await cache[Symbol.asyncDispose]())
      t.equal(await cache.get('a'), null, 'and can still be asked')
      server.thaw()
    })
  }

  t.test('takes name, password and database from the URL, and tells nobody', async (t) => {
    await ask(server, (client) => client.call('ACL', 'SETUSER', 'app', 'on', '>s3cr%t', '~*', '+@all'))
    const urlOf = (password: string) => server.url.replace('//', `//app:${password}@`)
    const { log, lines } = captureLog()
    await using cache = await openRedis({
      url: `${urlOf('s3cr%25t')}/3`,
      clock: systemClock,
      log,
      timeoutMs: PATIENCE_MS,
    })
    await cache.set('a', Uint8Array.of(1), WINDOW_MS)
    t.equal(await ask(server, (client) => client.select(3).then(() => client.dbsize())), 1)

    await using refused = await openCache({ url: urlOf('wr0ng'), clock: systemClock, log })
    t.equal(refused.degraded(), true)
    await t.rejects(refused.ping(), { message: /^(?!.*wr0ng)/ })
    t.match(JSON.stringify(lines), /WRONGPASS/)
    t.notMatch(JSON.stringify(lines), /wr0ng|s3cr/)
  })

  t.test('refuses a URL that is none, without repeating it', async (t: Test) => {
    for (const url of [
      '',
      'redis//:s3cret@host',
      'http://:s3cret@host',
      'redis://:s3cret@host/db',
      'redis://:s3cret@',
    ]) {
      await t.rejects(openCache({ url, clock: systemClock }), { message: /^REDIS_URL(?!.*s3cret)/ })
    }
  })
}

const server = await startRedisServer()
if (server) testRedis(server)
else t.test('redis', { skip: REDIS_SERVER_MISSING }, async () => {})
