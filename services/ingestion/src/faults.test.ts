import { captureLog, FAULTS, FakeClock, type Fault, startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t from 'tap'
import { fakeSource } from '../test/fake-source.ts'
import { every, opened, openRig, pass, type RigOptions } from '../test/rig.ts'
import { coingecko } from './calls/coingecko.ts'
import { SourceError } from './source-error.ts'

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `coin-${String(index).padStart(4, '0')}`,
    symbol: 'c',
    name: 'Coin',
  }))

/** A replayed market of `count` coins that is swept once. */
async function openMarket(count: number, clock = new FakeClock()) {
  const start = clock.now()
  const replay = await startMarketReplay({ rows: rowsOf(count), clock })
  const dir = await tempDir()
  const { log, lines } = captureLog()
  const once = every({ sweep: 2_592_000, top: 2_592_000 })
  return {
    clock,
    replay,
    lines,
    open: (options: Partial<RigOptions> = {}) =>
      openRig({ url: replay.url, clock, dataDir: dir.path, log, config: once, ...options }),
    /** When each request came, in seconds since the start. */
    times: () => replay.requests.map(({ at }) => (at - start) / 1000),
    async [Symbol.asyncDispose]() {
      await replay[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

const START = new FakeClock().now()
const dateIn = (seconds: number) => new Date(START + seconds * 1000).toUTCString()

// Node's own `Date` would tell the time of day of the test.
for (const [form, headers] of [
  ['seconds', { 'retry-after': '47' }],
  ['a date', { 'retry-after': dateIn(47), date: dateIn(0) }],
  ['x-ratelimit-reset', { 'x-ratelimit-reset': '2026-01-01 00:00:47 +0000', date: dateIn(0) }],
  ['a date, by a clock an hour behind ours', { 'retry-after': dateIn(47 - 3600), date: dateIn(-3600) }],
  ['a date, by a clock an hour ahead of ours', { 'retry-after': dateIn(47 + 3600), date: dateIn(3600) }],
] as const) {
  t.test(
    `a 429 with a pause in ${form} is kept to the second: no request in it, not even after a restart, and none later`,
    async (t) => {
      await using site = await openMarket(300)
      site.replay.next(FAULTS.rateLimited(headers), 1, ({ query }) => query.has('ids'))
      const rig = await site.open()
      await pass(site.clock, async () => (await rig.status())?.state === 'limited')
      t.equal((await rig.status())?.budget.blockedUntil, '2026-01-01T00:00:47.000Z')
      await rig.stop()
      await using again = await site.open()
      await pass(site.clock, again.sweepDone)
      t.strictSame(site.times(), [0, 0, 47, 47])
      t.equal((await again.stored()).length, 300)
      await pass(site.clock, async () => (await again.status())?.state === 'ok')
    },
  )
}

t.test(
  'a throttle without a word of when is waited out for a minute, doubled while it lasts, in each of its disguises',
  async (t) => {
    await using site = await openMarket(10)
    for (const fault of [FAULTS.disguisedRateLimit, FAULTS.wrongHost, FAULTS.rateLimited({ 'retry-after': 'soon' })])
      site.replay.next(fault)
    await using rig = await site.open()
    await pass(site.clock, rig.sweepDone)
    t.strictSame(site.times(), [0, 60, 180, 420, 420])
    t.equal(await rig.metric('ingestion_calls_total{source="coingecko",outcome="throttled"}'), 3)
  },
)

t.test('a pause that is absurd is cut to a day', async (t) => {
  await using site = await openMarket(10)
  site.replay.next(FAULTS.rateLimited({ 'retry-after': '999999999' }))
  await using rig = await site.open()
  await pass(site.clock, rig.sweepDone, 60_000)
  t.equal(site.times()[1], 86_400)
})

t.test(
  'every attempt is counted before it is made, and neither a failure nor a restart gives calls back',
  async (t) => {
    const beginning = Date.parse('2026-01-31T20:00:00Z')
    await using site = await openMarket(1000, new FakeClock(beginning))
    site.replay.next(FAULTS.serverError)
    const budget = { settings: { perMinute: 2, perMonth: 5 } }
    for (let restart = 0; restart < 4; restart++) {
      const rig = await site.open(budget)
      await site.clock.advance(1)
      await pass(site.clock, async () => site.clock.now() >= beginning + (restart + 1) * 45_000)
      await rig.stop()
    }
    t.equal(site.replay.requests.length, 5, 'the month is spent')
    const times = site.times()
    for (const [index, at] of times.entries())
      t.ok(at - (times[index - 2] ?? -60) >= 60, `two calls in any minute: ${times.join(' ')}`)

    await using rig = await site.open(budget)
    await site.clock.advance(1)
    await until(async () => (await rig.status())?.state === 'limited')
    t.match(await rig.status(), { budget: { perMonth: 5, monthLeft: 0 } })
    await pass(site.clock, () => site.replay.requests.length > 5, 60_000)
    t.equal(new Date(site.replay.requests[5]?.at ?? 0).toISOString().slice(0, 10), '2026-02-01')
  },
)

t.test(
  'a call that fails is tried four times with growing pauses, a failed chunk once more at the end, and then counted',
  async (t) => {
    await using site = await openMarket(300)
    const firstChunk: Parameters<typeof site.replay.next>[2] = ({ query }) =>
      query.get('ids')?.startsWith('coin-0000') ?? false
    site.replay.next(FAULTS.htmlPage, 4, firstChunk)
    site.replay.next(FAULTS.reset, 1, firstChunk)
    await using rig = await site.open()
    await pass(site.clock, rig.sweepDone)
    t.strictSame(site.times(), [0, 0, 0.5, 1.5, 3.5, 3.5, 3.5, 4])
    t.equal((await rig.stored()).length, 300)
    t.equal(await rig.metric('ingestion_calls_total{source="coingecko",outcome="failed"}'), 5)

    await using lost = await openMarket(300)
    lost.replay.next(FAULTS.truncated, 8, ({ query }) => query.get('ids')?.startsWith('coin-0000') ?? false)
    await using rest = await lost.open()
    await pass(lost.clock, rest.sweepDone)
    t.equal((await rest.stored()).length, 50, 'the other chunk is there')
    t.equal(await rest.metric('ingestion_failed_chunks_total{source="coingecko"}'), 1)
    t.ok(lost.lines.some(({ msg, chunk }) => chunk === 0 && msg.startsWith('sweep: chunk 1 failed')))
  },
)

t.test(
  'a source that is down is asked five times, then once in 30 s, doubling, and is failing until it answers',
  async (t) => {
    await using site = await openMarket(10)
    site.replay.next(FAULTS.badGateway, 8)
    await using rig = await site.open()
    await pass(site.clock, async () => (await rig.status())?.state === 'failing')
    t.match(await rig.service.readiness(), { ready: false, reasons: ['no quotes yet', 'coingecko: failed: HTTP 502'] })
    await pass(site.clock, rig.sweepDone)
    const pauses = site.times().map((at, index, all) => at - (all[index - 1] ?? 0))
    t.ok(
      pauses.slice(5, 8).every((pause, index) => pause >= 30 * 2 ** index && pause < 30 * 2 ** index + 4),
      pauses.join(' '),
    )
    await pass(site.clock, async () => (await rig.status())?.state === 'ok')
  },
)

t.test('a call that stalls is given up after its time and tried again', async (t) => {
  await using site = await openMarket(10)
  site.replay.next(FAULTS.stall)
  await using rig = await site.open()
  await until(() => site.replay.requests.length === 1)
  await site.clock.advance(10_000)
  await pass(site.clock, rig.sweepDone)
  t.equal((await rig.stored()).length, 10)
})

t.test('a chunk whose address is too long is halved until it fits', async (t) => {
  await using site = await openMarket(200)
  site.replay.next(FAULTS.uriTooLong, 99, ({ query }) => (query.get('ids')?.split(',').length ?? 0) > 50)
  await using rig = await site.open()
  await pass(site.clock, rig.sweepDone)
  t.strictSame(
    site.replay.requests.flatMap(({ query }) => query.get('ids')?.split(',').length ?? []),
    [200, 100, 50, 50, 100, 50, 50],
  )
  t.equal((await rig.stored()).length, 200)
  t.match(await rig.store.sources.sweep('coingecko'), { rowsGood: 200, chunksDone: 1 })
})

t.test('a source that refuses us is failing with its reason, and asked every five minutes', async (t) => {
  await using site = await openMarket(10)
  site.replay.next(FAULTS.unauthorised, 3)
  await using rig = await site.open()
  await pass(site.clock, async () => (await rig.status())?.state === 'failing')
  t.match((await rig.status())?.lastError, /^refused: HTTP 401 \(10002\): API Key Missing/)
  await pass(site.clock, rig.sweepDone, 1_000)
  const pauses = site.times().map((at, index, all) => at - (all[index - 1] ?? 0))
  t.ok(
    pauses.slice(1, 4).every((pause) => pause >= 300 && pause < 302),
    pauses.join(' '),
  )
})

t.test('hostile answers in a row crash nothing: the sweep ends and the good coins are stored', async (t) => {
  const says =
    (text: string): Fault =>
    (response) =>
      response.writeHead(200).end(text)
  await using site = await openMarket(1000)
  const chunk: Parameters<typeof site.replay.next>[2] = ({ query }) => query.has('ids')
  for (const text of [
    '',
    'null',
    '{}',
    '{"a":[]}',
    '"x"',
    '[',
    '[1e400,null,[],{"id":"coin-0001","current_price":1e400}]',
    '[[[[]]]]',
  ])
    site.replay.next(says(text), 1, chunk)
  await using rig = await site.open()
  await pass(site.clock, rig.sweepDone)
  t.ok((await rig.stored()).length >= 500)
  t.notOk(
    site.lines.some(({ level }) => level >= 50),
    'nothing is an error of ours',
  )
})

t.test('a source in trouble leaves the others alone, and is told of while no other tells the prices', async (t) => {
  await using site = await openMarket(10)
  const { clock, lines } = site
  const tools = { clock, log: captureLog().log, random: () => 0 }
  const base = { streamUrl: null, apiKey: null, perMinute: 60, perMonth: null, simulated: false }
  const sick = fakeSource({ name: 'coinpaprika', clock, polls: [{ name: 'tickers' }] })
  sick.does = () => {
    throw new SourceError({ kind: 'failed', message: 'HTTP 502' }, '/tickers')
  }
  const well = () => coingecko.open({ ...base, url: site.replay.url }, tools)
  await using rig = await site.open({ config: { openSources: async () => opened([well(), sick]) } })
  const statusOf = async (name: string) => (await rig.store.sources.statuses()).find((status) => status.name === name)
  await pass(clock, rig.sweepDone)
  await pass(clock, async () => (await statusOf('coinpaprika'))?.state === 'failing')
  t.equal((await rig.stored()).length, 10)
  t.match(await rig.service.readiness(), { ready: true, reasons: [] })
  t.equal(await rig.metric('ingestion_source_up{source="coinpaprika"}'), 0)
  t.equal(await rig.metric('ingestion_source_up{source="coingecko"}'), 1)
  t.ok(lines.some(({ msg }) => msg === 'call failed: HTTP 502'))

  site.replay.next(FAULTS.badGateway, 1_000)
  await pass(clock, async () => (await statusOf('coingecko'))?.state === 'failing', 3_600_000)
  t.match((await rig.service.readiness()).reasons, ['coingecko: failed: HTTP 502', 'coinpaprika: failed: HTTP 502'])
})
