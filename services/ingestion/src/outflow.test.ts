import { openBus } from '@crypto-signals/bus'
import { instantOf } from '@crypto-signals/clock'
import { partitionOf, type Quote, type Quotes } from '@crypto-signals/contracts'
import { openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, quoteOf, tempDir, until } from '@crypto-signals/testing'
import t from 'tap'
import { createOutflow } from './outflow.ts'
import { createQuotesPublisher } from './publishes/quotes.ts'

const SECOND_MS = 1_000
const never = new AbortController().signal
const coins = (count: number) => Array.from({ length: count }, (_, index) => `coin-${index}`)

interface Faults {
  /** Called before each write and each publishing; rejects to make it fail. */
  save?: () => Promise<void>
  publish?: () => Promise<void>
}

/** An outflow on a real store and bus, and a book whose coins all cost what they are told to. */
async function openSite(faults: Faults = {}) {
  const [clock, { log, lines }, dir] = [new FakeClock(), captureLog(), await tempDir()]
  const store = await openStore({ dataDir: dir.path, file: 'market.sqlite' })
  const bus = await openBus({ clock, log })
  const events: Quotes[] = []
  /** Rows that were published before they were written; there must be none. */
  const early: Quote[] = []
  await bus.consume('quotes', { group: 'test', delivery: 'each' }, async (event) => {
    events.push(event)
    for (const row of event.rows) if ((await store.quotes.get(row.coinId))?.priceUsd !== row.priceUsd) early.push(row)
  })
  const market = { priceUsd: 1, alerted: new Set<string>() }
  const publish = createQuotesPublisher(bus)
  const outflow = createOutflow({
    quotes: {
      async save(quotes) {
        await faults.save?.()
        await store.quotes.save(quotes)
      },
    },
    async publish(...batch) {
      await faults.publish?.()
      await publish(...batch)
    },
    book: {
      quoteOf: (coinId, receivedAt) =>
        coinId === 'unknown'
          ? null
          : quoteOf({
              coinId,
              priceUsd: market.priceUsd,
              observedAt: instantOf(clock.now()),
              receivedAt: instantOf(receivedAt),
            }),
    },
    clock,
    log,
    isAlerted: (coinId) => market.alerted.has(coinId),
  })
  const rows = () => events.flatMap(({ rows }) => rows)
  return {
    clock,
    store,
    outflow,
    market,
    events,
    early,
    rows,
    warnings: () => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg),
    offer: (coinIds: readonly string[], coalesce: boolean, signal = never) =>
      outflow.offer(`binance:tickers:0:all:${clock.now()}`, coinIds, { coalesce, receivedAt: clock.now() }, signal),
    async [Symbol.asyncDispose]() {
      await outflow.stop()
      await bus[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

t.test('an answer is written, then published in its partitions, before the caller goes on', async (t) => {
  await using site = await openSite()
  await site.offer([...coins(600), 'unknown'], false)
  await until(() => site.rows().length === 600)
  t.strictSame(
    site
      .rows()
      .map(({ coinId }) => coinId)
      .toSorted(),
    coins(600).toSorted(),
  )
  t.strictSame(site.early, [])
  t.ok(site.events.every(({ partition, rows }) => rows.every(({ coinId }) => partitionOf(coinId) === partition)))
  const ids = site.events.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length, 'no two events share an id')
  t.match(ids[0], /^binance:tickers:0:all:1767225600000:\d+:0$/)
  await t.resolves(site.offer(['unknown'], false))
})

t.test(
  'what changes all the time goes out every ten seconds as it is by then, a part of the coins each second',
  async (t) => {
    await using site = await openSite()
    site.outflow.start()
    for (let second = 1; second <= 30; second++) {
      site.market.priceUsd = second
      await site.offer(coins(200), true)
      await site.clock.advance(SECOND_MS)
    }
    await until(() => site.rows().length === 600)
    const byCoin = Map.groupBy(site.rows(), ({ coinId }) => coinId)
    t.equal(byCoin.size, 200)
    for (const rows of byCoin.values()) {
      const [first = 0, ...later] = rows.map(({ priceUsd }) => priceUsd ?? 0)
      t.strictSame(later, [first + 10, first + 20])
    }
    t.equal(new Set(site.rows().map(({ priceUsd }) => priceUsd)).size, 30)
    t.strictSame(site.early, [])
  },
)

t.test('what changed once goes out once, within ten seconds, with the receipt of its last change', async (t) => {
  await using site = await openSite()
  site.outflow.start()
  await site.offer(coins(100), true)
  await site.outflow.offer('kraken:tickers:0:all', ['coin-7'], { coalesce: true, receivedAt: 1 }, never)
  await site.clock.advance(30 * SECOND_MS)
  t.equal(site.rows().length, 100)
  t.ok(site.rows().every(({ receivedAt }) => receivedAt === '2026-01-01T00:00:00.000Z'))
  t.ok(site.rows().every(({ observedAt }) => observedAt <= '2026-01-01T00:00:10.000Z'))
})

t.test('an answer that changed nothing keeps nothing from going out', async (t) => {
  await using site = await openSite()
  site.outflow.start()
  await site.clock.advance(SECOND_MS)
  await site.offer([], false)
  await site.offer(coins(5), true)
  await site.clock.advance(10 * SECOND_MS)
  t.equal(site.rows().length, 5)
})

t.test('coins held in alerts go out every second', async (t) => {
  await using site = await openSite()
  site.market.alerted.add('coin-3')
  site.outflow.start()
  for (let second = 1; second <= 10; second++) {
    await site.offer(coins(20), true)
    await site.clock.advance(SECOND_MS)
  }
  await until(() => site.rows().length === 19 + 10)
  t.equal(site.rows().filter(({ coinId }) => coinId === 'coin-3').length, 10)
})

t.test('what an answer brought at once need not wait any more', async (t) => {
  await using site = await openSite()
  site.outflow.start()
  await site.offer(coins(50), true)
  await site.offer(coins(50), false)
  await site.clock.advance(20 * SECOND_MS)
  t.equal(site.rows().length, 50)
})

for (const [step, engine] of [
  ['save', 'store'],
  ['publish', 'bus'],
] as const) {
  t.test(
    `while the ${engine} is away nothing is lost: the caller hears of it, the newest goes out when it is back`,
    async (t) => {
      let [isAway, tries] = [true, 0]
      const fail = async () => {
        if (!isAway) return
        tries++
        throw new Error('away')
      }
      await using site = await openSite({ [step]: fail })
      await t.rejects(site.offer(coins(30), false), { message: 'away' })
      await site.offer(coins(60), true)
      site.outflow.start()
      await site.clock.advance(300 * SECOND_MS)
      t.ok(tries > 5 && tries < 20, `asked ever more seldom: ${tries} times`)
      t.equal(site.warnings()[0], 'quotes could not be published: tried again later')
      site.market.priceUsd = 2
      isAway = false
      await site.clock.advance(45 * SECOND_MS)
      await until(() => site.rows().length === 60)
      t.ok(site.rows().every(({ priceUsd }) => priceUsd === 2))
      t.strictSame(site.early, [])
    },
  )
}

t.test(
  'what could not be published goes out again under the same id where it is the same, else under another',
  async (t) => {
    const ids: string[] = []
    let isAway = true
    const [clock, { log }] = [new FakeClock(), captureLog()]
    const outflow = createOutflow({
      quotes: { save: async () => undefined },
      publish: async (batch) => {
        ids.push(batch)
        if (isAway) throw new Error('away')
      },
      book: { quoteOf: (coinId) => quoteOf({ coinId }) },
      clock,
      log,
      isAlerted: () => true,
    })
    outflow.start()
    await outflow.offer('binance:stream', ['a', 'b'], { coalesce: true, receivedAt: 0 }, never)
    await clock.advance(SECOND_MS)
    isAway = false
    await clock.advance(5 * SECOND_MS)
    t.equal(ids.length, 2)
    t.equal(ids[0], ids[1])
    await outflow.offer('binance:stream', ['a'], { coalesce: true, receivedAt: 0 }, never)
    await outflow.stop()
    t.equal(new Set(ids).size, 2)
  },
)

t.test('an aborted offer rejects with the reason, and its coins go out later', async (t) => {
  await using site = await openSite()
  await t.rejects(site.offer(coins(10), false, AbortSignal.abort(new Error('enough'))), { message: 'enough' })
  t.equal(await site.store.quotes.get('coin-1'), null)
  await site.outflow.stop()
  await until(() => site.rows().length === 10)
})

t.test('stopping sends no more once it is late', async (t) => {
  const late = new AbortController()
  await using site = await openSite({ save: async () => late.abort(new Error('no time is left')) })
  site.outflow.start()
  await site.offer(coins(600), true)
  await site.outflow.stop(late.signal)
  t.ok(await site.store.quotes.get('coin-249'), 'what was begun')
  t.equal(await site.store.quotes.get('coin-250'), null)
  t.strictSame(site.warnings(), ['stopping although quotes are not yet published'])
})

t.test('stopping publishes what is waiting, and says so when it cannot', async (t) => {
  let isAway = false
  await using site = await openSite({
    async save() {
      if (isAway) throw new Error('away')
    },
  })
  site.outflow.start()
  await site.offer(coins(500), true)
  await site.outflow.stop()
  await until(() => site.rows().length === 500)
  isAway = true
  await site.offer(['coin-1'], true)
  await t.resolves(site.outflow.stop())
  t.strictSame(site.warnings(), ['stopping although quotes are not yet published'])
})
