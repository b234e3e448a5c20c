import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { cacheContract } from './cache.contract.ts'
import { openCache } from './open.ts'

async function openTest() {
  const clock = new FakeClock()
  return { clock, cache: await openCache({ clock }) }
}

cacheContract('in-process', async () => {
  const { clock, cache } = await openTest()
  return { cache, openIn: (namespace) => openCache({ namespace, clock }), pass: (ms) => clock.advance(ms) }
})

t.test('keeps a hundred thousand keys, and forgets the one unused for longest for one more', async (t) => {
  const { cache } = await openTest()
  await using _cache = cache
  const countOf = async (key: string) => (await cache.increment(key, 60_000)).count
  for (let index = 0; index < 100_000; index++) await countOf(`key-${index}`)
  t.equal(await countOf('key-0'), 2, 'all are kept')
  t.equal(await countOf('one more'), 1)
  t.equal(await countOf('key-0'), 3, 'used lately')
  t.equal(await countOf('key-1'), 1, 'unused for longest')
})

t.test('tells the time left to the millisecond', async (t) => {
  const { cache, clock } = await openTest()
  await using _cache = cache
  t.same(await cache.increment('a', 60_000), { count: 1, resetMs: 60_000 })
  await clock.advance(59_999)
  t.same(await cache.increment('a', 60_000), { count: 2, resetMs: 1 })
  await clock.advance(1)
  t.same(await cache.increment('a', 60_000), { count: 1, resetMs: 60_000 })
})

t.test('keeps nobody waiting for longer than a window when the clock is set back', async (t) => {
  const clock = new FakeClock()
  let offsetMs = 0
  await using cache = await openCache({ clock: { now: () => clock.now() + offsetMs, sleep: clock.sleep.bind(clock) } })
  await cache.increment('a', 60_000)
  offsetMs = -3_600_000
  t.same(await cache.increment('a', 60_000), { count: 1, resetMs: 60_000 })
})

t.test('keeps 64 MiB of values, and forgets the one unused for longest for one more', async (t) => {
  const { cache } = await openTest()
  await using _cache = cache
  const almostOneMiB = new Uint8Array(2 ** 20 - 512)
  const isKept = async (key: string) => (await cache.get(key)) !== null
  for (let index = 0; index < 64; index++) await cache.set(`value-${index}`, almostOneMiB, 60_000)
  t.equal(await isKept('value-0'), true, 'all are kept')
  await cache.set('one more', almostOneMiB, 60_000)
  t.equal(await isKept('value-0'), true, 'used lately')
  t.equal(await isKept('value-1'), false, 'unused for longest')
})

t.test('keeps no value for longer than it was to live when the clock is set back', async (t) => {
  const clock = new FakeClock()
  let offsetMs = 0
  await using cache = await openCache({ clock: { now: () => clock.now() + offsetMs, sleep: clock.sleep.bind(clock) } })
  await cache.set('a', Uint8Array.of(1), 60_000)
  const lease = await cache.lease('a', 'one', 60_000)
  offsetMs = -3_600_000
  t.equal(await cache.get('a'), null)
  t.equal(lease?.isHeld(), false, 'nor trusts a lease')
})

t.test('gives tokens that rise over a restart', async (t) => {
  const { cache, clock } = await openTest()
  const before = await cache.lease('a', 'one', 60_000)
  await clock.advance(1)
  await using after = await openCache({ clock })
  const lease = await after.lease('a', 'one', 60_000)
  t.ok(lease && before && lease.token > before.token)
})
