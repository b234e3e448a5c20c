import { captureLog, FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { createBreaker, FAILURES_TO_OPEN } from './breaker.ts'
import { createCallQueue } from './call-queue.ts'
import { type Job, startJob } from './scheduler.ts'

const never = new AbortController().signal

/** A job on a clock that stands still, with the times of its runs in seconds since the start. */
function schedule(job: Partial<Job> = {}, random = () => 0, clock = new FakeClock()) {
  const { log, lines } = captureLog()
  const start = clock.now()
  const runs: number[] = []
  const run = async (signal: AbortSignal) => {
    runs.push((clock.now() - start) / 1000)
    await job.run?.(signal)
  }
  const whole: Job = { name: 'look', firstAt: start, intervalMs: () => 60_000, ...job, run }
  return { clock, lines, runs, running: startJob(whole, { clock, log, random }) }
}

t.test(
  'a job runs at its first time and then from start to start at its interval, scattered only to later',
  async (t) => {
    const { clock, runs, running } = schedule()
    await clock.advance(180_000)
    t.strictSame(runs, [0, 60, 120, 180])
    await running.stop()
    const scattered = schedule({}, () => 0.5)
    await scattered.clock.advance(130_000)
    t.strictSame(scattered.runs, [0, 61.5, 123])
    await scattered.running.stop()
    const long = schedule({ intervalMs: () => 18_000_000 }, () => 1)
    await long.clock.advance(18_060_000)
    t.strictSame(long.runs, [0, 18_060], 'by a minute at most')
    await long.running.stop()
  },
)

t.test('a run that takes longer than the interval is followed by the next one and never overlaps it', async (t) => {
  const clock = new FakeClock()
  let open = 0
  const run = async () => {
    t.equal(++open, 1)
    await clock.sleep(90_000)
    open--
  }
  const { runs, running } = schedule({ run }, undefined, clock)
  await clock.advance(200_000)
  t.strictSame(runs, [0, 90, 180])
  const stopped = running.stop()
  await clock.advance(90_000)
  await stopped
})

t.test('a run that throws is logged, and tried again within a minute', async (t) => {
  const run = async () => {
    throw new Error('store gone')
  }
  const { clock, lines, runs, running } = schedule({ run, intervalMs: () => 3_600_000 })
  await clock.advance(120_000)
  t.strictSame(runs, [0, 60, 120])
  t.match(lines[0], { level: 50, job: 'look', msg: 'look failed: store gone' })
  await running.stop()
})

t.test('a wait longer than any timer can hold is kept', async (t) => {
  const { clock, runs, running } = schedule({ intervalMs: () => 30 * 86_400_000 })
  await clock.advance(30 * 86_400_000 - 1)
  t.strictSame(runs, [0])
  await clock.advance(1)
  t.equal(runs.length, 2)
  await running.stop()
})

t.test('stop ends a wait and a run, and nothing runs after it', async (t) => {
  const waiting = schedule({ firstAt: Number.MAX_SAFE_INTEGER })
  await waiting.running.stop()
  t.equal(waiting.clock.sleeping, 0)
  const clock = new FakeClock()
  const busy = schedule({ run: (signal) => clock.sleep(1e9, signal) }, undefined, clock)
  await clock.advance(1)
  await busy.running.stop()
  await clock.advance(1e9)
  t.strictSame(busy.runs, [0])
  t.strictSame(busy.lines, [], 'a stop is no failure')
})

t.test(
  'calls go one at a time, urgent ones before patient ones and idle ones last, each kind in its order',
  async (t) => {
    const queue = createCallQueue()
    const order: string[] = []
    let open = 0
    const task = (name: string) => async () => {
      t.equal(++open, 1)
      order.push(name)
      await new Promise((resolve) => setImmediate(resolve))
      open--
    }
    const patient = ['a', 'b', 'c'].map((name) => queue.run('patient', task(name), never))
    const idle = queue.run('idle', task('i'), never)
    const urgent = ['x', 'y'].map((name) => queue.run('urgent', task(name), never))
    await Promise.all([...patient, idle, ...urgent])
    t.strictSame(order, ['a', 'x', 'y', 'b', 'c', 'i'])
  },
)

t.test('a task that fails or is aborted while it waits lets the others go on', async (t) => {
  const queue = createCallQueue()
  const stopping = new AbortController()
  const failed = t.rejects(
    queue.run('patient', () => Promise.reject(new Error('no')), never),
    { message: 'no' },
  )
  const aborted = t.rejects(
    queue.run('urgent', async () => t.fail('ran'), stopping.signal),
    { message: 'stopped' },
  )
  const next = queue.run('patient', async () => 'ran', never)
  stopping.abort(new Error('stopped'))
  await Promise.all([failed, aborted])
  t.equal(await next, 'ran')
  await t.rejects(
    queue.run('urgent', async () => t.fail('ran'), stopping.signal),
    { message: 'stopped' },
  )
})

t.test(
  'the breaker opens after five failures in a row, for 30 s doubling to 10 min, and closes with a success',
  async (t) => {
    const clock = new FakeClock()
    const breaker = createBreaker(clock)
    const pauseS = () => Math.max(0, breaker.openUntil() - clock.now()) / 1000
    for (let failure = 1; failure < FAILURES_TO_OPEN; failure++) breaker.failed()
    t.equal(pauseS(), 0)
    const pauses = Array.from({ length: 7 }, () => {
      breaker.failed()
      return pauseS()
    })
    t.strictSame(pauses, [30, 60, 120, 240, 480, 600, 600])
    breaker.succeeded()
    t.equal(pauseS(), 0)
    breaker.failed()
    t.equal(pauseS(), 0, 'one failure after a success does not open it')
  },
)
