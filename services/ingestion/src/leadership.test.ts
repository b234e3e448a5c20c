import { type Cache, openCache } from '@crypto-signals/cache'
import { captureLog, FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { createLeadership, type Work } from './leadership.ts'

/** A process that would lead, with a clock of its own: it stands still as the process does. */
function candidate(cache: Cache, clock: FakeClock) {
  const { log, lines } = captureLog()
  const did: string[] = []
  const work: Work = {
    begin: async () => void did.push('begin'),
    end: async () => void did.push('end'),
  }
  const leadership = createLeadership({ cache, clock, log, work })
  return { ...leadership, clock, work, did, messages: () => lines.map(({ msg }) => msg) }
}

/** Leases in a cache whose clock goes on for ever, whoever stands still. */
async function shared() {
  const time = new FakeClock()
  const cache = await openCache({ clock: time })
  const pass = async (ms: number, ...others: FakeClock[]) => {
    for (let left = ms; left > 0; left -= 500) for (const clock of [time, ...others]) await clock.advance(500)
  }
  return { cache, pass, next: () => candidate(cache, new FakeClock()) }
}

const AWAY = 'Redis is of no use: connection lost'

/** The cache, which grants and renews no lease while `isAway`. */
function absentWhile(isAway: () => boolean, cache: Cache): Cache {
  const answer = async <T>(ask: () => Promise<T>) => (isAway() ? Promise.reject(new Error(AWAY)) : await ask())
  return {
    ...cache,
    async lease(...asked) {
      const lease = await answer(() => cache.lease(...asked))
      return lease && { ...lease, renew: () => answer(() => lease.renew()) }
    },
  }
}

t.test('of two processes the first leads, and the other takes over within 16 s of its death', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  await first.start()
  await second.start()
  await pass(60_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), second.isLeading()], [true, false])
  await pass(10_000, second.clock)
  t.notOk(second.isLeading(), 'it may still be there')
  await pass(6_000, second.clock)
  t.ok(second.isLeading())
  t.strictSame(second.did, ['begin'])
  await second.stop()
})

t.test(
  'one that stood still and goes on ends its work at its first renewal, and leads again when it can',
  async (t) => {
    const { next, pass } = await shared()
    const [first, second] = [next(), next()]
    await first.start()
    await second.start()
    await pass(20_000, second.clock)
    t.ok(second.isLeading())
    await pass(5_000, first.clock, second.clock)
    t.strictSame([first.isLeading(), second.isLeading()], [false, true])
    t.strictSame(first.did, ['begin', 'end'])
    await pass(20_000, first.clock)
    t.strictSame(first.did, ['begin', 'end', 'begin'])
    await pass(5_000, second.clock)
    t.strictSame(second.did, ['begin', 'end'])
    await first.stop()
    await second.stop()
  },
)

t.test('a graceful stop ends the work first, and then lets another lead within a second', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  let wasLeading: boolean | undefined
  first.work.end = async () => {
    await pass(5_000, second.clock)
    wasLeading = second.isLeading()
  }
  await first.start()
  await second.start()
  await first.stop()
  t.equal(wasLeading, false)
  await pass(1_000, second.clock)
  t.ok(second.isLeading())
  await second.stop()
  t.equal(second.clock.sleeping, 0)
})

t.test('without the cache the leader goes on and nobody begins to lead; with it there is one again', async (t) => {
  const { cache, pass } = await shared()
  let isAway = false
  const flaky = absentWhile(() => isAway, cache)
  const [first, second] = [candidate(flaky, new FakeClock()), candidate(flaky, new FakeClock())]
  await first.start()
  isAway = true
  await second.start()
  await pass(60_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), second.isLeading()], [true, false])
  t.equal(second.trouble(), `cannot lead: ${AWAY}`)
  t.equal(second.messages().length, 1, 'said once')
  t.equal(first.trouble(), null)
  isAway = false
  await pass(2_000, first.clock, second.clock)
  t.equal(Number(first.isLeading()) + Number(second.isLeading()), 1)
  t.equal(second.trouble(), null)
  await first.stop()
  await second.stop()
})

t.test('who cannot begin the work gives the lead back, says why, and tries again', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  first.work.begin = async () => {
    throw new Error('the database is not available')
  }
  await first.start()
  t.notOk(first.isLeading())
  t.strictSame(first.did, ['end'], 'what had begun of it is ended')
  t.equal(first.trouble(), 'cannot lead: the database is not available')
  await pass(5_000, first.clock)
  t.equal(first.messages().length, 1, 'said once')
  await second.start()
  t.ok(second.isLeading())
  await second.stop()
  first.work.begin = async () => {}
  await pass(1_000, first.clock)
  t.ok(first.isLeading())
  t.equal(first.trouble(), null)
  await first.stop()
})

t.test('asked to stop while the work begins, it breaks that off or ends it, and does not keep the lead', async (t) => {
  const { next } = await shared()
  const [first, second] = [next(), next()]
  const beginning = Promise.withResolvers<void>()
  first.work.begin = () => beginning.promise
  second.work.begin = (signal) => second.clock.sleep(60_000, signal)
  const started = first.start()
  const stopped = first.stop()
  beginning.resolve()
  await Promise.all([started, stopped])
  t.strictSame(first.did, ['end'])
  const third = next()
  const broken = second.start()
  await Promise.all([second.stop(), broken])
  t.strictSame([second.did, second.messages()], [['end'], []])
  await third.start()
  t.ok(third.isLeading())
  await third.stop()
})

t.test('who needs 40 s to begin the work keeps its lead meanwhile, and goes on working', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  first.work.begin = (signal) => first.clock.sleep(40_000, signal)
  const started = first.start()
  await second.start()
  await pass(39_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), second.isLeading()], [false, false])
  await pass(2_000, first.clock, second.clock)
  await started
  t.strictSame([first.isLeading(), second.isLeading()], [true, false])
  await pass(60_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), second.isLeading()], [true, false])
  t.strictSame([first.did, first.messages(), second.did], [[], ['leading'], []])
  await Promise.all([first.stop(), second.stop()])
  t.equal(first.clock.sleeping, 0)
})

t.test('whose lease is lost while the work begins breaks that off, ends it, and stands by', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  first.work.begin = (signal) => first.clock.sleep(40_000, signal)
  const started = first.start()
  await pass(16_000)
  await second.start()
  t.ok(second.isLeading(), 'the first stood still')
  await pass(5_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), first.did], [false, ['end']])
  await pass(60_000, first.clock, second.clock)
  t.strictSame([first.isLeading(), first.did, second.isLeading()], [false, ['end'], true])
  t.strictSame(first.messages(), ['cannot lead: the lead was lost while the work began'])
  await Promise.all([started, first.stop(), second.stop()])
  t.strictSame([first.clock.sleeping, second.did], [0, ['begin', 'end']])
})

t.test('who stood still at the end of the beginning does not work under a lease that ran out', async (t) => {
  const { next, pass } = await shared()
  const [first, second] = [next(), next()]
  const beginning = Promise.withResolvers<void>()
  first.work.begin = () => beginning.promise
  const started = first.start()
  await pass(16_000)
  await second.start()
  beginning.resolve()
  await started
  t.strictSame([first.isLeading(), first.did, second.isLeading()], [false, ['end'], true])
  await Promise.all([first.stop(), second.stop()])
})

t.test('without the cache a beginning goes on for as long as the lease does', async (t) => {
  const { cache, pass } = await shared()
  let isAway = false
  const clock = new FakeClock()
  const first = candidate(
    absentWhile(() => isAway, cache),
    clock,
  )
  first.work.begin = (signal) => clock.sleep(40_000, signal)
  const started = first.start()
  isAway = true
  await pass(12_000, clock)
  t.strictSame(first.did, [])
  isAway = false
  await pass(6_000, clock)
  t.strictSame(first.did, [], 'renewed in time')
  isAway = true
  await pass(17_000, clock)
  t.strictSame(first.did, ['end'])
  await Promise.all([started, first.stop()])
})
