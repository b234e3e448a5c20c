import { getEventListeners } from 'node:events'
import { mock } from 'node:test'
import t from 'tap'
import { instantOf, systemClock } from './index.ts'

const { timers } = mock
t.beforeEach(() => timers.enable({ apis: ['setTimeout', 'Date'] }))
t.afterEach(() => timers.reset())

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function wokenAfter(ms: number, ticks: number[]): Promise<boolean[]> {
  let awake = false
  void systemClock.sleep(ms).then(() => (awake = true))
  const seen: boolean[] = []
  for (const tick of ticks) {
    timers.tick(tick)
    await settled()
    seen.push(awake)
  }
  return seen
}

t.test('sleeps for as long as it is told to', async (t) => {
  t.same(await wokenAfter(100, [99, 1]), [false, true])
})

t.test('sleeps longer than the longest timer there is', async (t) => {
  const [monthMs, longestMs] = [31 * 86_400_000, 2 ** 31 - 1]
  t.same(await wokenAfter(monthMs, [longestMs, monthMs - longestMs - 1, 1]), [false, false, true])
})

t.test('an abort ends the sleep with its reason, before it and during it', async (t) => {
  const reason = new Error('stopping')
  const controller = new AbortController()
  const sleep = systemClock.sleep(100, controller.signal)
  controller.abort(reason)
  await t.rejects(sleep, reason)
  await t.rejects(systemClock.sleep(100, controller.signal), reason)
  t.same(getEventListeners(controller.signal, 'abort'), [])
})

t.test('leaves no listener behind on a signal that outlives the sleep', async (t) => {
  const { signal } = new AbortController()
  const sleep = systemClock.sleep(100, signal)
  t.equal(getEventListeners(signal, 'abort').length, 1)
  timers.tick(100)
  await sleep
  t.same(getEventListeners(signal, 'abort'), [])
})

t.test('tells the time of the machine, and writes it as the contracts want it', async (t) => {
  timers.setTime(Date.parse('2026-02-03T04:05:06.007Z'))
  t.equal(instantOf(systemClock.now()), '2026-02-03T04:05:06.007Z')
})
