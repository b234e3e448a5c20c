import t, { type Test } from 'tap'
import type { Cache } from './cache.ts'

/** A cache to be tested. */
export interface CacheUnderTest {
  cache: Cache
  /** Lets at least `ms` pass for the cache. */
  pass: (ms: number) => Promise<void>
}

/** What every adapter of the cache guarantees. */
export function cacheContract(adapter: string, open: () => Promise<CacheUnderTest>): void {
  const guarantee = (title: string, check: (t: Test, under: CacheUnderTest) => Promise<void>) =>
    t.test(`${adapter}: ${title}`, async (t) => {
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
    await cache.increment('a', 1_000)
    await pass(600)
    t.equal((await cache.increment('a', 1_000)).count, 2, 'a later count does not prolong the window')
    await pass(400)
    t.equal((await cache.increment('a', 1_000)).count, 1)
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

  guarantee('answers a ping', async (t, { cache }) => {
    await t.resolves(cache.ping())
  })
}
