import { type Cache, openCache } from '@crypto-signals/cache'
import { EVENTS, partitionOf } from '@crypto-signals/contracts'
import {
  captureLog,
  FAULTS,
  FakeClock,
  type Fault,
  type MarketRequest,
  recordings,
  startMarketReplay,
  tempDir,
  until,
} from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { every, openRig, pass, type RigOptions } from '../test/rig.ts'
import { chunksOf } from './calls/id-chunks.ts'

const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'

/** Rows of coins `coin-0001`, `coin-0002`, ... */
const market = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `coin-${String(index + 1).padStart(5, '0')}`,
    symbol: 'c',
    name: 'Coin',
    current_price: index + 1,
    market_cap_rank: index + 1,
    last_updated: '2025-12-31T23:59:00.000Z',
  }))

/** A replayed market and what a service that watches it needs. */
async function openMarket(rows: readonly unknown[]) {
  const clock = new FakeClock()
  const replay = await startMarketReplay({ rows, clock })
  const dir = await tempDir()
  const { log, lines } = captureLog()
  const open = (options: Partial<RigOptions> = {}) =>
    openRig({ url: replay.url, clock, dataDir: dir.path, log, ...options })
  return {
    clock,
    replay,
    lines,
    open,
    messages: () => lines.map(({ msg }) => msg),
    async [Symbol.asyncDispose]() {
      await replay[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

const look = ({ path, query }: MarketRequest) =>
  path === '/coins/list'
    ? 'list'
    : query.has('ids')
      ? `${query.get('ids')?.split(',').length} ids`
      : `page ${query.get('page')}`

t.test(
  'the list, the largest coins, then every coin in chunks: each is written, then published in valid batches',
  async (t) => {
    await using site = await openMarket(market(620))
    await using rig = await site.open()
    t.match(await rig.service.readiness(), {
      ready: false,
      reasons: ['no quotes yet'],
      counts: { universe: 0, quotes: 0 },
    })
    await pass(site.clock, rig.sweepDone)
    await until(() => rig.events.flatMap(({ rows }) => rows).length === 620 + 500)
    t.strictSame(site.replay.requests.map(look), ['list', 'page 1', 'page 2', '250 ids', '250 ids', '120 ids'])
    t.match(site.replay.requests[1]?.query.get('order'), 'market_cap_desc')

    const quotes = await rig.stored()
    t.strictSame(
      quotes.map(({ coinId, priceUsd }) => [coinId, priceUsd]),
      market(620).map((row) => [row.id, row.current_price]),
    )
    t.ok(rig.events.every((event) => Value.Check(EVENTS.quotes.schema, event)))
    t.ok(rig.events.every(({ partition, rows }) => rows.every(({ coinId }) => partitionOf(coinId) === partition)))
    t.equal(new Set(rig.events.map(({ id }) => id)).size, rig.events.length, 'no two batches share an id')
    t.match(rig.events[0]?.id, /^coingecko:top:2026-01-01T00:00:00.000Z:1:\d+:\d+:0$/)
    t.strictSame(rig.early, [])

    t.strictSame(await rig.service.readiness(), {
      ready: true,
      reasons: [],
      counts: { leader: 1, universe: 620, quotes: 620 },
    })
    t.equal(await rig.metric('ingestion_calls_total{source="coingecko",outcome="ok"}'), 6)
    t.equal(await rig.metric('ingestion_rows_total{source="coingecko",result="good"}'), 620 + 500 + 620)
    t.equal(await rig.metric('ingestion_sweep_chunks{source="coingecko",state="done"}'), 3)
    t.equal((await rig.metric('ingestion_sweep_age_seconds{source="coingecko"}')) >= 0, true)
    t.equal(await rig.metric('ingestion_budget_left{source="coingecko",window="minute"}'), 60 - 6)
    await pass(site.clock, async () => (await rig.status())?.sweep?.finishedAt != null)
    t.match(await rig.status(), {
      name: 'coingecko',
      simulated: false,
      state: 'ok',
      lastError: null,
      universe: 620,
      sweep: { chunksDone: 3, chunksTotal: 3, rowsGood: 620, rowsBad: 0 },
      nextSweepAt: '2026-01-01T00:05:00.000Z',
      budget: { perMinute: 60, minuteLeft: 54, perMonth: null, monthLeft: null, blockedUntil: null },
    })
    t.strictSame(
      site.messages().filter((msg) => msg.startsWith('first sweep')),
      [
        'first sweep: 0 of 3 chunks, 0 coins',
        'first sweep: 1 of 3 chunks, 250 coins',
        'first sweep: 2 of 3 chunks, 500 coins',
        'first sweep: 3 of 3 chunks, 620 coins',
        'first sweep done: 620 coins in 0 s',
      ],
    )
  },
)

t.test('a market of 500 coins or fewer is swept alone, and swept again at its interval', async (t) => {
  await using site = await openMarket(market(500))
  await using rig = await site.open({ config: every({ sweep: 60 }) })
  await pass(site.clock, () => site.replay.requests.length === 5)
  t.strictSame(site.replay.requests.map(look), ['list', '250 ids', '250 ids', '250 ids', '250 ids'])
  t.equal((site.replay.requests[3]?.at ?? 0) - (site.replay.requests[1]?.at ?? 0), 60_000)
  t.equal((await rig.stored()).length, 500)
})

t.test('the largest coins are looked at between the chunks of a slow sweep', async (t) => {
  await using site = await openMarket(market(2000))
  await using rig = await site.open({
    settings: { perMinute: 3 },
    config: every({ top: 60, sweep: 3600 }),
  })
  await pass(site.clock, rig.sweepDone)
  const looks = site.replay.requests.map(look)
  t.strictSame(looks.slice(0, 4), ['list', 'page 1', 'page 2', '250 ids'])
  t.ok(looks.lastIndexOf('250 ids') > looks.indexOf('page 1', 3), looks.join(', '))
  t.equal((await rig.stored()).length, 2000)
})

t.test(
  'a sweep that was broken off goes on with the next chunk after a restart, and a whole one waits for its time',
  async (t) => {
    await using site = await openMarket(market(1000))
    const slow = { settings: { perMinute: 5 }, config: every({ sweep: 3600, top: 3600 }) }
    const first = await site.open(slow)
    await pass(site.clock, async () => (await first.store.sources.sweep('coingecko'))?.chunksDone === 2)
    await first.stop()
    t.equal(first.events.flatMap(({ rows }) => rows).length, 1000)

    const second = await site.open(slow)
    await pass(site.clock, second.sweepDone)
    t.match(await second.service.readiness(), { ready: true })
    await second.stop()
    const chunks = site.replay.requests.flatMap(({ query }) => query.get('ids') ?? [])
    t.strictSame(
      chunks,
      chunksOf(
        market(1000).map(({ id }) => id),
        { most: 250 },
      ).map((ids) => ids.join(',')),
      'each chunk was asked for once',
    )
    t.equal(site.replay.requests.filter(({ path }) => path === '/coins/list').length, 1)

    await using third = await site.open(slow)
    t.strictSame(await third.service.readiness(), {
      ready: true,
      reasons: [],
      counts: { leader: 1, universe: 1000, quotes: 0 },
    })
    await site.clock.advance(600_000)
    t.equal(site.replay.requests.filter(({ query }) => query.has('ids')).length, 4, 'no sweep before its time')
    await pass(site.clock, () => site.replay.requests.filter(({ query }) => query.has('ids')).length > 4, 60_000)
  },
)

t.test(
  'who lost the lead asks nothing more, and goes on with the sweep where it stands when it leads again',
  async (t) => {
    await using site = await openMarket(market(1000))
    const cache = await openCache({ clock: site.clock })
    let mayLead = true
    const taken: Cache = {
      ...cache,
      async lease(...wanted) {
        const lease = mayLead ? await cache.lease(...wanted) : null
        return lease && { ...lease, renew: async () => mayLead && (await lease.renew()) }
      },
    }
    const slow = { settings: { perMinute: 5 }, config: every({ sweep: 3600, top: 3600 }) }
    await using rig = await site.open({ ...slow, cache: taken })
    await pass(site.clock, async () => (await rig.store.sources.sweep('coingecko'))?.chunksDone === 2)
    t.equal(await rig.metric('ingestion_leader'), 1)

    mayLead = false
    await pass(site.clock, async () => (await rig.service.readiness()).counts.leader === 0)
    const asked = site.replay.requests.length
    await site.clock.advance(600_000)
    t.equal(site.replay.requests.length, asked, 'nothing is asked by a process that stands by')
    t.strictSame(await rig.service.readiness(), {
      ready: true,
      reasons: [],
      counts: { leader: 0, universe: 0, quotes: 0 },
    })
    t.equal(await rig.metric('ingestion_leader'), 0)
    t.notMatch(await rig.metrics(), /^ingestion_budget_left\{/m, 'what another process watches is its to tell')

    mayLead = true
    await pass(site.clock, rig.sweepDone)
    t.equal(site.replay.requests.filter(({ query }) => query.has('ids')).length, 4, 'each chunk was asked for once')
    t.equal((await rig.service.readiness()).counts.leader, 1)
  },
)

t.test(
  'stop in the middle of a call ends it at once and leaves nothing half-written; the chunk is fetched after a restart',
  async (t) => {
    await using site = await openMarket(market(300))
    site.replay.next(FAULTS.stall, 1, ({ query }) => query.has('ids'))
    const rig = await site.open()
    await until(() => site.replay.requests.length === 2)
    await rig.service.stop()
    t.match(await rig.store.sources.sweep('coingecko'), { chunksDone: 0, finishedAt: null })
    t.strictSame(await rig.stored(), [])
    await site.clock.advance(3_600_000)
    t.equal(site.replay.requests.length, 2, 'nothing is asked after a stop')
    await rig.stop()
    await using again = await site.open()
    await pass(site.clock, again.sweepDone)
    t.equal((await again.stored()).length, 300)
  },
)

t.test('pages that drift and repeat lose no coin: a recorded drifting market is swept whole', { skip }, async (t) => {
  const dump = recorded?.read('coingecko/paged_market_cap_desc_dump_with_duplicates_2021-11-24.json.gz') as [
    string,
    string,
    string,
  ][]
  const rows = dump.slice(3000, 6000).map(([id, symbol, name]) => ({ id, symbol, name, current_price: 1 }))
  const ids = new Set(rows.map(({ id }) => id))
  t.ok(ids.size < rows.length)
  await using site = await openMarket(rows)
  await using rig = await site.open({ settings: { perMinute: 600 } })
  await pass(site.clock, rig.sweepDone)
  t.strictSame((await rig.stored()).map(({ coinId }) => coinId).sort(), [...ids].sort())
  t.ok((await rig.metric('ingestion_rows_total{source="coingecko",result="repeated"}')) > 100)
})

t.test('coins that repeated rows crowd out of a full answer are asked for again', async (t) => {
  await using site = await openMarket([...market(100), ...market(240)])
  await using rig = await site.open()
  await pass(site.clock, rig.sweepDone)
  t.strictSame(site.replay.requests.map(look), ['list', '240 ids', '90 ids'])
  t.equal((await rig.stored()).length, 240)
})

t.test('rows that nobody asked for, in whatever number, do not count as coins of the sweep', async (t) => {
  await using site = await openMarket(market(620))
  const all: Fault = (response) => response.writeHead(200).end(JSON.stringify(market(260)))
  site.replay.next(all, 3, ({ query }) => query.has('ids'))
  await using rig = await site.open()
  await pass(site.clock, rig.sweepDone)
  t.ok(site.messages().includes('first sweep done: 260 coins in 0 s'), site.messages().join('\n'))
  t.match(await rig.store.sources.sweep('coingecko'), { rowsGood: 260 })
})

t.test(
  'broken rows are counted by reason and logged, 20 of them at most, and the good ones beside them are kept',
  async (t) => {
    const broken = Array.from({ length: 30 }, (_, index) => ({
      id: `bad-${index}`,
      symbol: 'b',
      name: 'Bad',
      current_price: -1,
    }))
    await using site = await openMarket([...market(40), ...broken])
    await using rig = await site.open()
    await pass(site.clock, rig.sweepDone)
    t.equal((await rig.stored()).length, 40)
    t.equal(await rig.metric('ingestion_bad_rows_total{source="coingecko",reason="current_price: negative"}'), 30)
    t.match(await rig.store.sources.sweep('coingecko'), { rowsGood: 40, rowsBad: 30 })
    t.equal(site.messages().filter((msg) => msg === 'bad row: current_price: negative').length, 20)
    t.match(
      site.lines.find(({ msg }) => msg === 'and more bad rows, not told of for an hour'),
      { bad: 30, of: 70, source: 'coingecko' },
    )
    t.match(
      site.lines.find(({ msg }) => msg.startsWith('bad row')),
      { coin: 'bad-0' },
    )
  },
)

t.test('the list is asked for once a day; coins that left it are swept no more and stay stored', async (t) => {
  await using site = await openMarket(market(300))
  await using rig = await site.open({ config: every({ sweep: 3600 }) })
  const lists = () => site.replay.requests.filter(({ path }) => path === '/coins/list').length
  await pass(site.clock, rig.sweepDone)
  site.replay.rows = market(290)
  await pass(site.clock, () => lists() === 2, 60_000)
  t.equal(site.clock.now() - Date.parse('2026-01-01T00:00:00Z') >= 86_400_000, true)
  await pass(site.clock, async () => (await rig.store.sources.sweep('coingecko'))?.rowsGood === 290, 60_000)
  t.equal((await rig.stored()).length, 300)
  t.equal((await rig.service.readiness()).counts.universe, 290)
})

t.test('a list that is empty or lost more than half of its coins is refused and the old one kept', async (t) => {
  await using site = await openMarket(market(300))
  await using rig = await site.open({ config: every({ sweep: 3600 }) })
  await pass(site.clock, rig.sweepDone)
  for (const left of [[], market(149)]) {
    site.replay.list = left
    const seen = site.messages().length
    const warned = () =>
      site
        .messages()
        .slice(seen)
        .find((msg) => msg.startsWith('keeping the old list'))
    await pass(site.clock, () => warned() !== undefined, 60_000)
    t.equal(warned(), `keeping the old list of coins: the list holds ${left.length} coins, at least 150 expected`)
  }
  t.equal((await rig.store.sources.universe('coingecko'))?.coins.length, 300)
})

t.test('what is simulated says so in every quote and in its status', async (t) => {
  await using site = await openMarket(market(3))
  await using rig = await site.open({ settings: { simulated: true } })
  await pass(site.clock, async () => (await rig.status())?.sweep?.finishedAt != null)
  t.strictSame(
    (await rig.stored()).map(({ source }) => source),
    Array(3).fill('simulated-coingecko'),
  )
  t.match(await rig.status(), {
    name: 'simulated-coingecko',
    simulated: true,
    attribution: { text: /not a real market/ },
  })
})

t.test('stop takes no more than two seconds though a consumer is stuck and the bus takes nothing more', async (t) => {
  await using site = await openMarket(market(1000))
  await using rig = await site.open({ settings: { perMinute: 600 }, config: every({ sweep: 1 }) })
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await rig.bus.consume('quotes', { group: 'stuck', delivery: 'each' }, () => released)
  const seen = { events: -1 }
  await pass(
    site.clock,
    () => {
      const waits = seen.events > 90 && seen.events === rig.events.length
      seen.events = rig.events.length
      return waits
    },
    5_000,
  )
  const before = site.clock.now()
  const stopped = rig.service.stop()
  await site.clock.advance(2_000)
  await stopped
  t.equal(site.clock.now() - before, 2_000)
  t.ok(site.messages().includes('stopping although a batch is not yet published'))
  release()
})
