import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bar } from '@crypto-signals/contracts'
import { captureLog, FakeClock, type Recordings, recordings } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t, { type Test } from 'tap'
import { OTHER, OTHER_POOLS, POOLS, THIN_POOLS, THIN_TOKENS, TOKEN, TOKENS } from '../../test/dex-answers.ts'
import { type ExchangeAnswers, HOUR_MS, NOW } from '../../test/exchange-answer.ts'
import { JOINED } from '../../test/joined-exchanges.ts'
import { checkMalformed, isGoodObservation } from '../../test/malformed.ts'
import { SEPARATED } from '../../test/separated-exchanges.ts'
import type { Contract, Demand } from '../demand.ts'
import type { PollFeed, SourceDefinition } from '../source.ts'
import type { SourceError } from '../source-error.ts'
import { binance } from './binance.ts'
import { readMiniTickers } from './binance-stream.ts'
import { readCandles } from './candles.ts'
import { dexscreener, readPools } from './dexscreener.ts'
import { geckoterminal, readTokens } from './geckoterminal.ts'
import { joinedWith } from './pair.ts'
import { readTickers } from './ticker.ts'

const never = new AbortController().signal
const MINUTE_MS = 60_000
const EXCHANGES = [...JOINED, ...SEPARATED]

for (const answers of EXCHANGES) {
  const { definition, tickers, observed, listing, candles, throttle, reject } = answers
  const { name, title } = definition.facts
  const said = {
    [tickers.path]: tickers.body,
    [candles.path]: candles.body,
    ...(listing && { [listing.path]: listing.body }),
  }

  t.test(
    `${title}: one call tells of each pair that trades its price in its own currency, and when it was so`,
    async (t) => {
      const { feed, requests } = await opened(t, definition, said)
      const calls = feed.round(NO_DEMAND)
      const rounds = []
      for (const call of calls) rounds.push(await call.ask(never))
      const answer = rounds.at(-1)
      t.same(
        answer?.rows.map((row) => [row.key, row.symbol, row.currency, row.price, row.volume24h, row.observedAtMs]),
        observed,
      )
      t.ok(answer?.rows.every((row) => row.changePct === null && row.marketCapUsd === null && row.high24h === 21_000))
      const unknown = name === 'kraken' ? [] : ['pair: of unknown currencies']
      t.same(
        answer?.faults.map(({ reason }) => reason),
        unknown,
        'what does not trade is no fault',
      )
      t.same(
        requests.map(({ url }) => url),
        [...(listing ? [listing.path] : []), tickers.path].map((path) => `/base${path}`),
      )
      t.match(feed, { bestEveryMs: name === 'binance' ? 5 * MINUTE_MS : 30_000, resumable: false })
    },
  )

  t.test(`${title}: past bars of a pair in dollars, whole ones, oldest first`, async (t) => {
    const { source, feed, requests } = await opened(t, definition, said)
    for (const call of feed.round(NO_DEMAND)) await call.ask(never)
    const bars = await source.history?.(observed[0]?.[0] ?? '', '1h', never)
    const bar = { open: 2, high: 4, low: 1, close: 3, volumeUsd: 125.4, filled: true }
    const rounded = bars?.map((each) => ({ ...each, volumeUsd: Number(each.volumeUsd?.toFixed(6)) }))
    t.same(
      rounded,
      [NOW - 2 * HOUR_MS, NOW - HOUR_MS].map((at) => ({ ...bar, openedAt: new Date(at).toISOString() })),
      'the running hour is none yet',
    )
    t.equal(requests.at(-1)?.url, `/base${candles.path}`)
    const asked = requests.length
    const foreign = observed.find(([, , currency]) => !currency.startsWith('USD'))
    if (foreign === undefined) return
    t.same(await source.history?.(foreign[0], '1d', never), [])
    t.equal(requests.length, asked, 'of a pair in another currency nothing is asked')
  })

  t.test(`${title}: its own way to say no is understood`, async (t) => {
    const { source, feed, says } = await opened(t, definition, said)
    const failureOf = async (status: number, body: unknown) => {
      says(status, body)
      const error = (await source.ping(never)) as SourceError | null
      return error?.kind ?? null
    }
    t.equal(await failureOf(...throttle), 'throttled')
    t.equal(await failureOf(...reject), 'rejected')
    t.equal(await failureOf(451, { msg: 'Service unavailable from a restricted location' }), 'refused')
    t.equal(await failureOf(502, 'Bad Gateway'), 'failed')
    t.equal(await source.ping(never), null)
    says(200, 'not as agreed')
    await t.rejects(asking(feed, -1), { name: 'SourceError' })
  })
}

t.test('Kraken: its list of pairs is asked for once a day, and again until it has come', async (t) => {
  const { definition, listing, tickers } = answersOf('kraken')
  const { feed, clock, says } = await opened(t, definition, {
    [listing?.path ?? '']: listing?.body,
    [tickers.path]: tickers.body,
  })
  const labels = () => feed.round(NO_DEMAND).map(({ label }) => label)
  t.same(labels(), ['listing', 'tickers'])
  says(500, {})
  await t.rejects(asking(feed, 0), { name: 'SourceError' })
  await t.rejects(asking(feed, 1), { message: 'its pairs are not known yet' })
  t.same(labels(), ['listing', 'tickers'])
  await feed.round(NO_DEMAND)[0]?.ask(never)
  t.same(labels(), ['tickers'])
  await clock.advance(86_400_000)
  t.same(labels(), ['listing', 'tickers'])
})

const recorded = recordings()
t.test(
  'Binance: recorded pairs are split as its own list has them, or left alone',
  { skip: recorded === null && 'no recordings' },
  (t) => {
    const bodies = (file: string) => ((recorded as Recordings).read(`exchanges/${file}`) as { body: any }[])[0]?.body
    const listed: { symbol: string; baseAsset: string; quoteAsset: string }[] =
      bodies('binance_fetch_pairs.json.gz').symbols
    const byPair = new Map(listed.map((pair) => [pair.symbol, pair]))
    const rows: { symbol: string; lastPrice: string; quoteVolume: string }[] = bodies('binance_fetch_ticker.json.gz')
    const { rows: seen, faults } = readTickers(binance.reader().tickers(rows), binance.reader().split, NOW)
    const trading = rows.filter(({ lastPrice, quoteVolume }) => Number(lastPrice) > 0 && Number(quoteVolume) > 0)
    t.ok(trading.length > 500)
    t.equal(seen.length + faults.length, trading.length)
    t.ok(faults.length < trading.length / 50, `${faults.length} of ${trading.length} left alone`)
    for (const { key, symbol, currency, price } of seen) {
      const pair = byPair.get(key)
      if (pair === undefined) continue
      t.same([symbol, currency], [pair.baseAsset, pair.quoteAsset], key)
      t.equal(price, Number(trading.find((row) => row.symbol === key)?.lastPrice))
    }
    t.end()
  },
)

t.test('a joined pair is split only where one currency fits', async (t) => {
  const split = joinedWith(['USDT', 'EUR', 'AEUR', 'BTC'])
  t.same(split('BTCUSDT'), { base: 'BTC', quote: 'USDT' })
  t.same(split('WBTCBTC'), { base: 'WBTC', quote: 'BTC' })
  for (const pair of ['GALAEUR', 'USDT', 'BTCGBP', '']) t.equal(split(pair), null, pair)
})

for (const { definition, path, body, thin } of [
  {
    definition: dexscreener,
    path: '/tokens/v1/ethereum/',
    body: [...OTHER_POOLS, ...POOLS, ...OTHER_POOLS],
    thin: THIN_POOLS,
  },
  { definition: geckoterminal, path: '/networks/eth/tokens/multi/', body: TOKENS, thin: THIN_TOKENS },
]) {
  const { title } = definition.facts
  const asked = [TOKEN, OTHER].map((address) => address.toLowerCase())
  const url = `${path}${asked.join(',')}`

  t.test(
    `${title}: of each token asked for the price of its deepest pool, however its address is written`,
    async (t) => {
      const { feed, requests } = await opened(t, definition, { [url]: body })
      const [call] = feed.round(demandOf({ weth: [ethereum(asked[0])], tether: [ethereum(asked[1])] }))
      const { rows = [], faults } = (await call?.ask(never)) ?? {}
      t.match(rows, [
        {
          key: `ethereum:${asked[0]}`,
          symbol: 'WETH',
          currency: 'USD',
          price: 1800.5,
          volume24h: 1_000_000.5,
          observedAtMs: NOW,
        },
        { key: `ethereum:${asked[1]}`, price: 0.999 },
      ])
      t.same([rows.length, faults, requests.length], [2, [], 1])
      t.same(call?.target, { coinIds: ['weth', 'tether'] })
    },
  )

  t.test(
    `${title}: pools that hold little say nothing, and a token that has none is let alone for hours`,
    async (t) => {
      const { feed, clock } = await opened(t, definition, { [`${path}${asked[0]}`]: thin })
      const demand = demandOf({ weth: [ethereum(asked[0])] })
      const answer = await feed.round(demand)[0]?.ask(never)
      t.same([answer?.rows, answer?.faults], [[], []])
      t.same(feed.round(demand), [])
      await clock.advance(6 * HOUR_MS)
      t.equal(feed.round(demand).length, 1)
    },
  )

  t.test(
    `${title}: a round asks for the stalest first, thirty of one platform a call, on each coin's busiest`,
    async (t) => {
      const { feed } = await opened(t, definition, {})
      const contracts: Record<string, Contract[]> = { none: [], strange: [{ platform: 'unheard-of', address: '1' }] }
      for (let coin = 0; coin < 4_000; coin++)
        contracts[`coin-${coin}`] = [
          { platform: 'solana', address: `So${coin}` },
          ...(coin % 4 === 0 ? [ethereum(`0x${String(coin).padStart(40, '0')}`)] : []),
        ]
      const calls = feed.round(demandOf(contracts))
      const most = title === 'DEX Screener' ? 60 : 25
      t.equal(calls.length, most)
      t.equal(new Set(calls.map(({ label }) => label)).size, most)
      const first = calls.map(({ target }) => ('coinIds' in target ? target.coinIds : []))
      t.same(first[0]?.slice(0, 2), ['coin-0', 'coin-4'])
      t.same(first[1]?.slice(0, 3), ['coin-1', 'coin-2', 'coin-3'])
      t.ok(first.every((coins) => coins.length <= 30))
      const halves = calls[0]?.split?.() ?? []
      t.same(
        halves.map(({ label }) => label),
        ['ethereum-1a', 'ethereum-1b'],
      )
      t.same(
        halves.flatMap(({ target }) => ('coinIds' in target ? target.coinIds : [])),
        first[0],
      )
      t.same(feed.round(demandOf({})), [], 'nothing while all are fresh')
    },
  )
}

t.test(
  '10,000 malformed answers of each source: no crash, nothing bad, and good rows beside bad ones stay',
  async (t) => {
    const isGood = isGoodObservation(NOW)
    for (const { definition, tickers, listing, candles } of EXCHANGES) {
      const reader = definition.reader()
      if (listing) reader.listing?.learn(listing.body)
      const read = (sent: unknown) => readTickers(reader.tickers(sent), reader.split, NOW).rows
      const rows = checkMalformed({ ...tickers, read, isGood })
      t.ok(rows > 5_000, `${definition.facts.title}: ${rows} rows`)
      const bars = checkMalformed(
        {
          ...candles,
          read: (sent) => readCandles(reader.candles(sent), '1h', NOW),
          isGood: (bar) => Value.Check(Bar, bar) && bar.low <= bar.high && Date.parse(bar.openedAt) < NOW,
        },
        2_000,
      )
      t.ok(bars > 1_000, `${definition.facts.title}: ${bars} bars`)
    }
    const asked = { platform: 'ethereum', addresses: [TOKEN, OTHER] }
    const split = binance.reader().split
    const mini = ['BTCUSDT', 'ETHBTC'].map((s) => ({
      e: '24hrMiniTicker',
      E: NOW - 1,
      s,
      c: '2',
      o: '1',
      h: '3',
      l: '1',
      v: '9',
      q: '18',
    }))
    const others = [
      { body: POOLS, rowsAt: [], read: (sent: unknown) => readPools(sent, asked, NOW).rows },
      { body: TOKENS, rowsAt: ['data'], read: (sent: unknown) => readTokens(sent, asked, NOW).rows },
      { body: mini, rowsAt: [], read: (sent: unknown) => readMiniTickers(sent, split, NOW).rows },
    ]
    for (const other of others) t.ok(checkMalformed({ ...other, isGood }) > 5_000)
  },
)

t.test("10,000 malformed lists of Kraken's pairs: what is learnt is of pairs that it names", async (t) => {
  const { definition, listing } = answersOf('kraken')
  const kept = checkMalformed({
    body: listing?.body,
    rowsAt: ['result'],
    read(sent) {
      const { split, listing: list } = definition.reader()
      list?.learn(sent)
      return ['XXBTZUSD', 'ADAXBT'].flatMap((pair) => split(pair) ?? [])
    },
    isGood: ({ base, quote }) => base !== '' && quote !== '',
  })
  t.ok(kept > 5_000)
})

const answersOf = (name: string) =>
  EXCHANGES.find(({ definition }) => definition.facts.name === name) as ExchangeAnswers

const ethereum = (address = ''): Contract => ({ platform: 'ethereum', address })

/** All of these coins are stale, in this order. */
const demandOf = (contracts: Record<string, readonly Contract[]>): Demand => ({
  ids: () => Object.keys(contracts),
  tokens: () => Object.keys(contracts),
  stalest: (limit, _olderThanMs, among = []) => among.slice(0, limit),
  urgent: () => [],
  contractsOf: (coinId) => contracts[coinId] ?? [],
})
const NO_DEMAND = demandOf({})

/** Asks the call of a new round that is at this place. */
async function asking(feed: PollFeed, place: number): Promise<void> {
  await feed.round(NO_DEMAND).at(place)?.ask(never)
}

/** The source, opened on a server of this machine that says a body at each path; and its feed of calls. */
async function opened(t: Test, definition: SourceDefinition, bodies: Record<string, unknown>) {
  const requests: IncomingMessage[] = []
  const next: [number, unknown][] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const body = bodies[decodeURIComponent(request.url?.replace('/base', '') ?? '')]
    const [status, said] = next.shift() ?? (body === undefined ? [404, {}] : [200, body])
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  const clock = new FakeClock(NOW)
  const settings = { url, streamUrl: null, apiKey: null, perMinute: 60, perMonth: null, simulated: false }
  const source = definition.open(settings, { clock, log: captureLog().log, random: () => 0 })
  t.teardown(async () => {
    await source.close()
    server.close()
  })
  const feed = source.feeds.find(({ kind }) => kind === 'poll') as PollFeed
  return { source, feed, clock, requests, says: (status: number, said: unknown) => void next.push([status, said]) }
}
