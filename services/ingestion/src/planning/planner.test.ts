import { SourceStatus } from '@crypto-signals/contracts'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { fakeBase, fakeSource } from '../../test/fake-source.ts'
import { openSite } from '../../test/planning-site.ts'
import type { ExchangePair, StreamState } from '../source.ts'
import { SourceError } from '../source-error.ts'

const HOUR = 3_600_000

const throttled = (retryAt: number | null) => new SourceError({ kind: 'throttled', message: 'HTTP 429', retryAt }, '/')
const failed = () => new SourceError({ kind: 'failed', message: 'HTTP 502' }, '/')
const sweep = { name: 'sweep', resumable: true, calls: 3, bestEveryMs: HOUR }

t.test('the list, what opens, then the others; nobody else is asked before there is a list', async (t) => {
  const { clock, plan, taken, demand } = await openSite(t)
  const base = fakeBase({
    name: 'coingecko',
    clock,
    coins: 3,
    polls: [sweep, { name: 'top', urgent: true, opening: true, bestEveryMs: HOUR }],
  })
  const other = fakeSource({
    name: 'binance',
    kind: 'exchange',
    clock,
    polls: [{ name: 'tickers', bestEveryMs: 30_000 }],
  })
  let away = true
  base.does = (what) => {
    if (what === 'list' && away) throw failed()
  }
  const planner = plan([base, other])
  await planner.start()
  await clock.advance(5_000)
  t.strictSame(other.asked, [])
  away = false
  await clock.advance(120_000)
  t.strictSame(
    base.asked
      .map((what) => what.split(' ')[0])
      .filter((what) => what !== 'list')
      .slice(0, 4),
    ['top:0', 'sweep:0', 'sweep:1', 'sweep:2'],
  )
  t.equal(taken[0], '3 coins')
  t.ok(
    taken.some((batch) => /^coingecko:sweep:2026-01-01T00:0\d:\d\d.\d{3}Z:2$/.test(batch)),
    taken.join(' '),
  )
  t.equal(demand.ids().length, 3)
  t.equal(planner.universe(), 3)
  const times = other.asked.map((what) => Number(what.split(' ')[1]))
  t.ok(times.length >= 3)
  t.ok(
    times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) === 30),
    times.join(' '),
  )
  await planner.stop()
})

t.test('with the list of the last time the others go on though the base source is down', async (t) => {
  const { clock, plan } = await openSite(t)
  const well = plan([fakeBase({ name: 'coingecko', clock, coins: 3, polls: [sweep] })])
  await well.start()
  await clock.advance(60_000)
  await well.stop()
  const base = fakeBase({ name: 'coingecko', clock, coins: 3, polls: [sweep] })
  base.does = () => {
    throw failed()
  }
  const other = fakeSource({ name: 'coinpaprika', clock, polls: [{ name: 'tickers', bestEveryMs: 600_000 }] })
  const planner = plan([base, other])
  await planner.start()
  await clock.advance(2 * 86_400_000)
  t.ok(other.asked.length > 280, `${other.asked.length} rounds`)
  t.ok(base.asked.some((what) => what.startsWith('list')))
  t.equal(planner.universe(), 3)
  await planner.stop()
})

t.test('calls to one source go one at a time and keep its gap, those to others do not wait for them', async (t) => {
  const { clock, plan } = await openSite(t)
  let open = 0
  const limits = { perMinute: 1_000, perMonth: null, minGapMs: 4_000 }
  const polls = [
    { name: 'sweep', calls: 20, bestEveryMs: 600_000 },
    { name: 'urgent', urgent: true, bestEveryMs: 60_000 },
  ]
  const slow = fakeSource({ name: 'defillama', clock, limits, polls })
  slow.does = async (_, signal) => {
    t.equal(++open, 1)
    await clock.sleep(1_500, signal)
    open--
  }
  const quick = fakeSource({ name: 'coinpaprika', clock, polls: [{ name: 'tickers' }] })
  const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), slow, quick])
  await planner.start()
  await clock.advance(300_000)
  await planner.stop()
  const times = slow.asked.map((what) => Number(what.split(' ')[1]))
  t.ok(
    times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= 4),
    times.join(' '),
  )
  const urgent = slow.asked.filter((what) => what.startsWith('urgent')).map((what) => Number(what.split(' ')[1]))
  t.ok(
    urgent.length >= 4 && urgent.every((at, index) => at <= index * 60 + 8),
    `not behind the sweep: ${urgent.join(' ')}`,
  )
  t.equal(quick.asked[0], 'tickers:0 0')
})

t.test('a source that throttles us is left alone, then asked half as often for an hour', async (t) => {
  const { clock, plan, statusOf } = await openSite(t)
  const limits = { perMinute: 10, perMonth: null, minGapMs: 0 }
  const source = fakeSource({
    name: 'okx',
    clock,
    limits,
    polls: [{ name: 'tickers', calls: 100, bestEveryMs: 1_000 }],
  })
  let once = true
  source.does = () => {
    if (!once) return
    once = false
    throw throttled(clock.now() + 600_000)
  }
  const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
  await planner.start()
  await clock.advance(10_000)
  t.match(await statusOf('okx'), { state: 'limited', budget: { blockedUntil: '2026-01-01T00:10:00.000Z' } })
  const within = (fromS: number, toS: number) =>
    source.asked.map((what) => Number(what.split(' ')[1])).filter((at) => at >= fromS && at < toS).length
  await clock.advance(2 * HOUR)
  await planner.stop()
  t.equal(within(1, 600), 0)
  t.ok(within(600, 3_500) > 200 && within(600, 3_500) <= 5 * 49, `${within(600, 3_500)} calls while slowed`)
  t.ok(within(3_700, 7_100) > 450, `${within(3_700, 7_100)} calls after`)
})

t.test(
  'what exchanges trade is asked page by page after the first sweep, and not again before a week is over',
  async (t) => {
    const { clock, plan, pairs } = await openSite(t)
    const pair: ExchangePair = { base: 'A', target: 'USDT', coinId: 'coin-00000', targetCoinId: null }
    const asked: string[] = []
    const base = () =>
      Object.assign(fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), {
        async exchangePairs(exchange: string, page: number) {
          asked.push(`${exchange} ${page}`)
          if (asked.length === 2) throw new SourceError({ kind: 'rejected', message: 'HTTP 400' }, '/')
          return {
            receivedAt: clock.now(),
            rows: Array.from({ length: page === 2 ? 7 : 100 }, () => pair),
            faults: [],
            repeated: 0,
          }
        },
      })
    const run = async (ms: number) => {
      const exchanges = ['binance', 'okx'].map((name) =>
        fakeSource({ name, kind: 'exchange', clock, listedAs: `${name}-x` }),
      )
      const planner = plan([base(), ...exchanges])
      await planner.start()
      await clock.advance(ms)
      await planner.stop()
    }
    await run(61_000)
    t.strictSame(asked, ['binance-x 1', 'binance-x 2'])
    await run(120_000)
    t.strictSame(asked.slice(2), ['binance-x 2', 'okx-x 1', 'okx-x 2'], 'it goes on where it broke off')
    t.strictSame(pairs, ['binance 100', 'binance 7', 'okx 100', 'okx 7'])
    await run(6 * 86_400_000)
    t.equal(asked.length, 5)
    await run(2 * 86_400_000)
    t.strictSame(asked.slice(5), ['binance-x 1', 'binance-x 2', 'okx-x 1', 'okx-x 2'])
  },
)

t.test('a stream hands on what comes, tells whether it stands, and is begun anew when it ends', async (t) => {
  const { clock, plan, taken, statusOf } = await openSite(t)
  const runs: { told: (state: StreamState) => void; end: (error: Error) => void; say: () => void }[] = []
  const stream = {
    kind: 'stream' as const,
    name: 'mini-tickers',
    run: (hand: (answer: never) => void, told: (state: StreamState) => void, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const say = () => hand({ receivedAt: clock.now(), rows: [], faults: [], repeated: 0 } as never)
        runs.push({ told, end: reject, say })
        signal.addEventListener('abort', () => resolve())
      }),
  }
  const source = fakeSource({ name: 'binance', kind: 'exchange', clock, feeds: [stream] })
  const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
  await planner.start()
  await clock.advance(2_000)
  t.match(await statusOf('binance'), { connected: false })
  runs[0]?.told({ connected: true })
  runs[0]?.say()
  await clock.advance(2_000)
  t.match(await statusOf('binance'), { connected: true, state: 'ok' })
  t.ok(taken.some((batch) => /^binance:mini-tickers:2026-01-01T00:00:0\d\.\d{3}Z:1$/.test(batch)))
  runs[0]?.told({ connected: false, reason: 'silent for 60 s' })
  await clock.advance(2_000)
  t.match(await statusOf('binance'), { connected: false, lastError: 'stream: silent for 60 s' })
  runs[0]?.end(new Error('lost'))
  await clock.advance(60_000)
  t.equal(runs.length, 2)
  await planner.stop()
})

t.test('an index is asked for when it is due, and kept', async (t) => {
  const { clock, plan, store } = await openSite(t)
  const index = { index: 'fear-greed' as const, value: 40, label: 'Fear', source: 'alternative-me' }
  let asked = 0
  const feed = {
    kind: 'index' as const,
    name: 'fear-greed',
    bestEveryMs: 6 * HOUR,
    ask: async () => ({ ...index, value: 40 + ++asked, observedAt: new Date(clock.now()).toISOString() }),
  }
  const source = fakeSource({ name: 'alternative-me', kind: 'index', clock, feeds: [feed] })
  const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
  await planner.start()
  await clock.advance(7 * HOUR)
  await planner.stop()
  t.match(await store.sources.indices(), [{ index: 'fear-greed', value: 42 }])
})

t.test(
  'a call that fails is made once more at the end of its round; a round of which nothing came is made again soon',
  async (t) => {
    const { clock, plan, statusOf } = await openSite(t)
    const source = fakeSource({ name: 'coinlore', clock, polls: [{ name: 'pages', calls: 3, bestEveryMs: HOUR }] })
    const rejected = () => new SourceError({ kind: 'rejected', message: 'HTTP 400' }, '/')
    let refused = 1
    source.does = (what) => {
      if (what === 'pages:1' && refused-- > 0) throw rejected()
    }
    const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
    await planner.start()
    await clock.advance(30_000)
    t.strictSame(
      source.asked.map((what) => what.split(' ')[0]),
      ['pages:0', 'pages:1', 'pages:2', 'pages:1'],
    )
    t.match((await statusOf('coinlore'))?.feeds, [
      { name: 'pages', everyMs: HOUR, callsDone: 3, callsTotal: 3, nextAt: '2026-01-01T01:00:00.000Z' },
    ])
    source.does = () => {
      throw rejected()
    }
    source.asked.length = 0
    await clock.advance(HOUR + 70_000)
    t.ok(source.asked.filter((what) => what.startsWith('pages:0')).length > 2, source.asked.join(' '))
    await clock.advance(2 * HOUR)
    const status = await statusOf('coinlore')
    t.equal(status?.state, 'failing')
    await planner.stop()
  },
)

t.test(
  'a status fits its contract and tells what the source says of itself, its feeds, its lag and what is known of it',
  async (t) => {
    const { clock, plan, statusOf } = await openSite(t)
    const source = fakeSource({ name: 'coinpaprika', clock, polls: [{ name: 'tickers', bestEveryMs: 300_000 }] })
    const base = fakeBase({ name: 'coingecko', clock, coins: 7, polls: [sweep] })
    const planner = plan([base, source], { known: () => ({ coins: 5, heldBack: 2 }) })
    await planner.start()
    await clock.advance(10_000)
    for (const name of ['coingecko', 'coinpaprika']) {
      const status = await statusOf(name)
      t.strictSame([...Value.Errors(SourceStatus, status)], [])
    }
    t.match(await statusOf('coinpaprika'), {
      title: 'coinpaprika',
      attribution: { text: 'Data by coinpaprika' },
      state: 'ok',
      connected: null,
      universe: 0,
      coins: 5,
      heldBack: 2,
      lagMs: 0,
      sweep: null,
    })
    t.match(await statusOf('coingecko'), { universe: 7, sweep: { chunksDone: 3, chunksTotal: 3 }, sweptAt: /Z$/ })
    source.does = (_, signal) => clock.sleep(HOUR, signal)
    await clock.advance(1_000_000)
    const watch = planner.watches.find((one) => one.source === source)
    t.ok((watch?.lagMs() ?? 0) > 600_000, 'a call that hangs makes a feed late')
    await planner.stop()
  },
)

t.test('sources of which none lists coins are refused', async (t) => {
  const { clock, plan } = await openSite(t)
  t.throws(() => plan([fakeSource({ name: 'okx', clock })]), { message: /none of the market sources lists/ })
})
