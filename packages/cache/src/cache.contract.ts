import t, { type Test } from 'tap'
import type { Cache } from './cache.ts'

/** A cache to be tested. */
export interface CacheUnderTest {
  cache: Cache
  /** Opens one more on what it lies on, of a system in another namespace. */
  openIn: (namespace: string) => Promise<Cache>
  /** Lets at least `ms` pass for the cache. */
  pass: (ms: number) => Promise<void>
}

/** What every adapter of the cache guarantees. */
export function cacheContract(adapter: string, open: () => Promise<CacheUnderTest>): void {
  const guarantee: Guarantee = (title, check) =>
    void t.test(`${adapter}: ${title}`, async (t) => {
      const under = await open()
      await using _cache = under.cache
      await check(t, under)
    })

  guarantee('counts up under a key', async (t, { cache }) => {
    const counts = [await cache.increment('a', 60_000), await cache.increment('a', 60_000)]
    t.same(
      counts.map(({ count }) => count),
      [1, 2],
    )
  })

  guarantee('counts each key for itself', async (t, { cache }) => {
    await cache.increment('a', 60_000)
    await cache.increment('a', 60_000)
    t.equal((await cache.increment('b', 60_000)).count, 1)
  })

  guarantee('begins anew when the window has passed that the first count opened', async (t, { cache, pass }) => {
    await cache.increment('a', 2_000)
    await pass(300)
    const { count, resetMs } = await cache.increment('a', 2_000)
    t.equal(count, 2)
    await pass(resetMs)
    t.equal((await cache.increment('a', 2_000)).count, 1, 'a later count does not prolong the window')
  })

  guarantee('tells the time left of the window', async (t, { cache, pass }) => {
    const first = await cache.increment('a', 10_000)
    await pass(500)
    const second = await cache.increment('a', 10_000)
    t.ok(first.resetMs > 0 && first.resetMs <= 10_000)
    t.ok(second.resetMs > 0 && second.resetMs <= first.resetMs - 500)
  })

  guarantee('loses no count among many at once', async (t, { cache }) => {
    const counts = await Promise.all(Array.from({ length: 100 }, () => cache.increment('a', 60_000)))
    t.same(
      counts.map(({ count }) => count).sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
  })

  guarantee('takes any string as a key', async (t, { cache }) => {
    for (const key of ['', '__proto__', 'a b', 'ключ', '\u0000', '2001:db8::1', 'k'.repeat(1_000)]) {
      t.equal((await cache.increment(key, 60_000)).count, 1)
      t.equal((await cache.increment(key, 60_000)).count, 2)
    }
  })

  guarantee('counts long keys for themselves that differ in their last character only', async (t, { cache }) => {
    await cache.increment(`${'k'.repeat(1_000)}1`, 60_000)
    t.equal((await cache.increment(`${'k'.repeat(1_000)}2`, 60_000)).count, 1)
  })

  valueGuarantees(guarantee)
  leaseGuarantees(guarantee)

  guarantee(
    'lets systems in different namespaces share no count, no value and no lease',
    async (t, { cache, openIn }) => {
      await using other = await openIn('simulated')
      await cache.increment('a', 60_000)
      await cache.set('a', Uint8Array.of(1), 60_000)
      t.ok(await cache.lease('a', 'one', 60_000))
      t.equal((await other.increment('a', 60_000)).count, 1)
      t.equal(await other.get('a'), null)
      t.ok(await other.lease('a', 'two', 60_000))
      await other.set('a', Uint8Array.of(2), 60_000)
      t.same(listOf(await cache.get('a')), [1])
    },
  )

  guarantee('answers a ping, and is not degraded', async (t, { cache }) => {
    await t.resolves(cache.ping())
    t.equal(cache.degraded(), false)
  })
}

type Guarantee = (title: string, check: (t: Test, under: CacheUnderTest) => Promise<void>) => void

function valueGuarantees(guarantee: Guarantee): void {
  guarantee('gives back what was set, byte by byte, under any key', async (t, { cache }) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    for (const key of ['/api/signals?page=1&search=ключ', '__proto__', 'k'.repeat(1_000), '']) {
      t.equal(await cache.get(key), null)
      await cache.set(key, bytes, 60_000)
      t.same(listOf(await cache.get(key)), [...bytes])
    }
  })

  guarantee('keeps the bytes as they were set, a part of a larger buffer too', async (t, { cache }) => {
    const buffer = Buffer.from('before-answer-after')
    await cache.set('a', buffer.subarray(7, 13), 60_000)
    buffer.fill(0)
    t.same(listOf(await cache.get('a')), [...Buffer.from('answer')])
  })

  guarantee('puts a later value in the place of an earlier one', async (t, { cache }) => {
    await cache.set('a', Uint8Array.of(1), 60_000)
    await cache.set('a', Uint8Array.of(2), 60_000)
    t.same(listOf(await cache.get('a')), [2])
  })

  guarantee('forgets a value when its time is over', async (t, { cache, pass }) => {
    await cache.set('a', Uint8Array.of(1), 300)
    await pass(300)
    t.equal(await cache.get('a'), null)
  })

  guarantee('keeps a value of 1 MiB, and none that is larger', async (t, { cache }) => {
    await cache.set('large', new Uint8Array(2 ** 20), 60_000)
    await cache.set('too large', new Uint8Array(2 ** 20 + 1), 60_000)
    t.equal((await cache.get('large'))?.byteLength, 2 ** 20)
    t.equal(await cache.get('too large'), null)
  })

  guarantee('confuses no value, no count and no lease of the same name', async (t, { cache }) => {
    await cache.set('a', Uint8Array.of(1), 60_000)
    t.equal((await cache.increment('a', 60_000)).count, 1)
    t.ok(await cache.lease('a', 'me', 60_000))
    t.same(listOf(await cache.get('a')), [1])
  })
}

function leaseGuarantees(guarantee: Guarantee): void {
  guarantee('gives a lease to one holder at a time, and each name for itself', async (t, { cache }) => {
    const lease = await cache.lease('a', 'one', 60_000)
    t.equal(lease?.isHeld(), true)
    t.equal(await cache.lease('a', 'two', 60_000), null)
    t.ok(await cache.lease('b', 'two', 60_000))
  })

  guarantee('gives a lease to exactly one of many who ask at once', async (t, { cache }) => {
    const asked = Array.from({ length: 20 }, (_, index) => cache.lease('a', `holder ${index}`, 60_000))
    t.equal((await Promise.all(asked)).filter((lease) => lease !== null).length, 1)
  })

  guarantee('gives a released lease to another at once, with a higher token', async (t, { cache }) => {
    const first = await cache.lease('a', 'one', 60_000)
    await first?.release()
    t.equal(first?.isHeld(), false)
    const second = await cache.lease('a', 'two', 60_000)
    t.ok(second && first && second.token > first.token)
  })

  guarantee('gives a lease that ran out to another, with a higher token', async (t, { cache, pass }) => {
    const first = await cache.lease('a', 'one', 300)
    await pass(300)
    t.equal(first?.isHeld(), false, 'the first knows by itself')
    const second = await cache.lease('a', 'two', 60_000)
    t.ok(second && first && second.token > first.token)
    t.equal(await first?.renew(), false, 'the first cannot have it back')
    await first?.release()
    t.equal(await second?.renew(), true, 'the first cannot end it either')
  })

  guarantee('renews no lease that ran out, though nobody took it', async (t, { cache, pass }) => {
    const lease = await cache.lease('a', 'one', 300)
    await pass(300)
    t.equal(await lease?.renew(), false)
    t.equal(lease?.isHeld(), false)
  })

  guarantee('holds a renewed lease for its full time again', async (t, { cache, pass }) => {
    const lease = await cache.lease('a', 'one', 2_000)
    for (const _renewal of [1, 2, 3]) {
      await pass(700)
      t.equal(await lease?.renew(), true)
      t.equal(lease?.isHeld(), true)
    }
    t.equal(await cache.lease('a', 'two', 2_000), null)
  })

  guarantee('gives a holder its own lease anew, which ends the earlier one', async (t, { cache }) => {
    const first = await cache.lease('a', 'one', 60_000)
    const second = await cache.lease('a', 'one', 60_000)
    t.ok(second && first && second.token > first.token)
    t.equal(await first?.renew(), false)
    await first?.release()
    t.equal(await second?.renew(), true)
  })

  guarantee('renews no lease that was released', async (t, { cache }) => {
    const lease = await cache.lease('a', 'one', 60_000)
    await lease?.release()
    t.equal(await lease?.renew(), false)
  })
}

const listOf = (bytes: Uint8Array | null) => bytes && [...bytes]
