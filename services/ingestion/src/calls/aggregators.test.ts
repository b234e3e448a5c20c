import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bar, MarketIndex } from '@crypto-signals/contracts'
import { captureLog, FakeClock, recordings } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t, { type Test } from 'tap'
import { CHART, CMC, FNG, LLAMA, LORE, NOW, PAPRIKA } from '../../test/aggregator-answers.ts'
import { checkMalformed, isGoodObservation } from '../../test/malformed.ts'
import { observationOf } from '../../test/observations.ts'
import type { Demand } from '../demand.ts'
import type { MarketSource, PollFeed, SourceCall, SourceDefinition, SourceSettings } from '../source.ts'
import type { SourceError } from '../source-error.ts'
import { alternativeMe, readFearGreed } from './alternative-me.ts'
import { coinlore, readCoinlore } from './coinlore.ts'
import { coinmarketcap, readCoinmarketcap } from './coinmarketcap.ts'
import { coinpaprika, readCoinpaprika } from './coinpaprika.ts'
import { defillama, readDefillama } from './defillama.ts'
import { barsIn } from './defillama-chart.ts'

const SECONDS = NOW / 1000
const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'
const never = new AbortController().signal

t.test('CoinPaprika: one call gives every coin, and a coin younger than a span has no change over it', async (t) => {
  const { source, requests } = await opened(t, coinpaprika, PAPRIKA)
  const [call] = roundOf(source, 'tickers')
  const answer = await call?.ask(never)
  t.match(requests[0]?.url, /^\/base\/tickers$/)
  t.same(answer?.rows, [
    {
      ...NOTHING,
      key: 'btc-bitcoin',
      symbol: 'BTC',
      name: 'Bitcoin',
      price: 5162.15941296,
      volume24h: 7304207651.1585,
      marketCapUsd: 91094433242,
      marketCapRank: 1,
      changePct: { '1h': -0.1, '24h': 0.5, '7d': 1.5, '14d': null, '30d': -13.48, '200d': null, '1y': 12.5 },
      observedAtMs: NOW - 120_000,
    },
    {
      ...NOTHING,
      key: 'new-newcoin',
      symbol: 'NEW',
      name: 'New',
      price: 6.044e-9,
      volume24h: 0,
      changePct: { '1h': null, '24h': 3, '7d': null, '14d': null, '30d': null, '200d': null, '1y': null },
      observedAtMs: NOW - 60_000,
    },
  ])
})

t.test(
  'CoinLore: a round goes over as many pages as the last answers told, and on after a full last page',
  async (t) => {
    const { source, requests } = await opened(t, coinlore, LORE)
    const first = roundOf(source, 'pages')
    t.equal(first.length, 140, 'as many coins as it claims')
    const answer = await first[1]?.ask(never)
    t.equal(requests[0]?.url, '/base/tickers/?start=100&limit=100')
    t.same(answer?.rows[0], {
      ...NOTHING,
      key: '90',
      symbol: 'BTC',
      name: 'Bitcoin',
      price: 6456.52,
      volume24h: 3997655362.9586277,
      marketCapUsd: 111586042785.56,
      marketCapRank: 1,
      circulatingSupply: 17282687,
      changePct: { '1h': 0.05, '24h': -1.47, '7d': -1.07, '14d': null, '30d': null, '200d': null, '1y': null },
      observedAtMs: NOW - 30_000,
    })
    t.match(
      answer?.rows[1],
      { key: '2', price: null, circulatingSupply: null, changePct: null },
      'nothing costs nothing',
    )
    const second = roundOf(source, 'pages')
    t.equal(second.length, 20)
    const full = { receivedAt: NOW, rows: Array(99).fill(answer?.rows[0]), faults: [], repeated: 1 }
    t.equal(second[18]?.rest?.(full), null)
    t.equal(second[19]?.rest?.({ ...full, repeated: 0 }), null)
    t.match(second[19]?.rest?.(full), { label: '21', target: { page: 21, size: 100 } })
    t.same(readCoinlore({ data: null }, '', NOW).rows, [], 'beyond the end')
  },
)

t.test(
  'DefiLlama: coins are asked for by CoinGecko id in groups that fit a URL, and unsure prices are left out',
  async (t) => {
    const { source, requests } = await opened(t, defillama, LLAMA)
    const ids = Array.from({ length: 300 }, (_, index) => `coin-${index}-${'x'.repeat(index % 30)}`)
    const calls = roundOf(source, 'sweep', { ids: () => ids })
    t.same(calls.flatMap(idsOf).sort(), [...ids].sort())
    const [urgent] = roundOf(source, 'urgent', { urgent: (limit) => ['bitcoin', 'thin', 'a b'].slice(0, limit) })
    const answer = await urgent?.ask(never)
    t.equal(requests[0]?.url, '/base/prices/current/coingecko:a%20b,coingecko:bitcoin,coingecko:thin')
    t.same(answer?.rows, [
      { ...NOTHING, key: 'bitcoin', symbol: 'BTC', price: 64_000.5, observedAtMs: NOW - 60_000 },
      { ...NOTHING, key: 'plain', symbol: 'PLAIN', price: 0.5, observedAtMs: NOW - 90_000 },
    ])
    t.same(answer?.faults, [{ reason: 'confidence: low', id: 'thin' }])
    for (const call of calls) await call.ask(never)
    t.ok(requests.slice(1).every(({ url = '' }) => url.length < 3_600 && url.split(',').length <= 120))
    const halves = calls[0]?.split?.() ?? []
    t.same(
      halves.map(({ label }) => label),
      ['0.0', '0.1'],
    )
    t.same(halves.flatMap(idsOf), calls[0] && idsOf(calls[0]))
    const single = roundOf(source, 'urgent', { urgent: () => ['bitcoin'] })
    t.notOk(
      single.some((each) => 'split' in each),
      'one coin cannot be cut',
    )
    t.same(roundOf(source, 'urgent'), [], 'nothing is asked when nothing is urgent')
  },
)

t.test(
  'DefiLlama: past prices become closes of the bars that ended then, oldest first, none from the future',
  async (t) => {
    const { source, requests } = await opened(t, defillama, CHART)
    const bars = await source.history?.('bitcoin', '1h', never)
    t.equal(requests[0]?.url, `/base/chart/coingecko:bitcoin?start=${SECONDS - 175 * 3600}&span=176&period=1h`)
    t.same(
      bars?.map(({ openedAt, close }) => [openedAt, close]),
      [
        ['2026-07-15T21:00:00.000Z', 1],
        ['2026-07-15T22:00:00.000Z', 2],
        ['2026-07-15T23:00:00.000Z', 3],
      ],
    )
    t.ok(bars?.every((bar) => Value.Check(Bar, bar) && bar.filled && bar.high === bar.low))
    t.same(await source.history?.('unknown', '1d', never), [])
  },
)

t.test('DefiLlama: what is read is what its documents say there is', { skip }, async (t) => {
  const documents = recorded?.read('contracts/defillama-free-openapi-2026-07-29.json.gz')
  const named = (path: string, ...names: string[]) => {
    const text = JSON.stringify((documents as { paths: Record<string, unknown> }).paths[path])
    for (const name of names) t.match(text, `"${name}"`, `${path}: ${name}`)
  }
  named('/prices/current/{coins}', 'coins', 'price', 'symbol', 'timestamp', 'confidence')
  named('/chart/{coins}', 'start', 'span', 'period', 'coins', 'prices', 'timestamp', 'price')
})

t.test('CoinMarketCap: the key goes in its header alone, a page costs its credits, contracts are told', async (t) => {
  const { source, requests, says } = await opened(t, coinmarketcap, CMC, { apiKey: 'cmc-secret' })
  const [call, ...more] = roundOf(source, 'pages')
  t.match([call, more], [{ credits: 25, target: { page: 1, size: 5_000 } }, []])
  const answer = await call?.ask(never)
  const [request] = requests
  t.match(request?.url, /^\/base\/cryptocurrency\/listings\/latest\?start=1&limit=5000&convert=USD&/)
  t.equal(request?.headers['x-cmc_pro_api_key'], 'cmc-secret')
  t.notMatch(request?.url, 'secret')
  t.same(answer?.rows[0], {
    ...NOTHING,
    key: '1',
    symbol: 'BTC',
    name: 'Bitcoin',
    price: 9283.92,
    volume24h: 7155680000,
    marketCapUsd: 158055024432,
    marketCapRank: 1,
    circulatingSupply: 17199862,
    changePct: { '1h': -0.152774, '24h': 0.518894, '7d': 0.986573, '14d': null, '30d': 4, '200d': null, '1y': null },
    contract: null,
    observedAtMs: NOW - 90_000,
  })
  const usdt = { platform: 'ethereum', address: '0xdac17f958d2ee523a2206206994597c13d831ec7' }
  t.same(
    answer?.rows.map(({ contract }) => contract),
    [null, usdt, null],
    'a platform we cannot name is none',
  )
  const kinds = [
    [400, 1001, 'refused'],
    [200, 1010, 'throttled'],
    [429, 1008, 'throttled'],
    [402, 1003, 'refused'],
    [500, 500, 'failed'],
    [400, 400, 'rejected'],
  ] as const
  for (const [status, error_code, kind] of kinds) {
    says(status, { status: { error_code, error_message: 'no cmc-secret' } })
    const error = (await call?.ask(never).catch((reason: unknown) => reason)) as SourceError
    t.match(error, { kind, message: 'no [key]' })
    says(status, { status: { error_code, error_message: 'no' } })
    t.match(await source.ping(never), { kind })
  }
  t.notOk(coinmarketcap.usable({ ...settingsOf(''), apiKey: null }))
  t.ok(coinmarketcap.usable({ ...settingsOf(''), apiKey: 'k' }))
})

t.test('Alternative.me: the newest value of the index with its word and its day', async (t) => {
  const { source, requests } = await opened(t, alternativeMe, FNG)
  const feed = source.feeds.find((each) => each.kind === 'index')
  const index = await feed?.ask(never)
  t.equal(requests[0]?.url, '/base/fng/?limit=1')
  const observedAt = '2026-07-15T00:00:00.000Z'
  t.same(index, { index: 'fear-greed', value: 40, label: 'Fear', source: 'alternative-me', observedAt })
  for (const body of [{ ...FNG, metadata: { error: 'closed' } }, { data: [] }, { data: [{ value: '101' }] }, null])
    t.throws(() => readFearGreed(body, 'alternative-me', NOW), { name: 'SourceError' })
})

t.test('a source that the simulator speaks for says so in its name, and thanks nobody', async (t) => {
  const { source } = await opened(t, defillama, LLAMA, { simulated: true })
  t.match(source.facts, { name: 'simulated-defillama', derivedFrom: 'simulated-coingecko' })
  t.equal(source.facts.attribution.text, 'Simulated data, not a real market')
})

t.test(
  '10,000 malformed answers of each source: no crash, nothing bad, and good rows beside bad ones stay',
  async (t) => {
    const isGood = isGoodObservation(NOW)
    const observations = [
      { title: 'CoinPaprika', body: PAPRIKA, rowsAt: [], read: readCoinpaprika },
      { title: 'CoinLore', body: LORE, rowsAt: ['data'], read: readCoinlore },
      { title: 'CoinMarketCap', body: CMC, rowsAt: ['data'], read: readCoinmarketcap },
      { title: 'DefiLlama', body: LLAMA, rowsAt: ['coins'], read: readDefillama },
    ]
    for (const { title, body, rowsAt, read } of observations) {
      const kept = checkMalformed({ body, rowsAt, read: (sent) => read(sent, '/', NOW).rows, isGood })
      t.ok(kept > 8_000, `${title}: ${kept} rows`)
    }
    const question = { coin: 'coingecko:bitcoin', interval: '1h', path: '/', receivedAt: NOW } as const
    const bars = checkMalformed({
      body: CHART,
      rowsAt: ['coins', 'coingecko:bitcoin', 'prices'],
      read: (sent) => barsIn(sent, question),
      isGood: (bar) => Value.Check(Bar, bar) && Date.parse(bar.openedAt) < NOW,
    })
    t.ok(bars > 8_000, `DefiLlama's chart: ${bars} bars`)
    const indices = checkMalformed({
      body: { ...FNG, data: FNG.data.slice(0, 1) },
      rowsAt: ['data'],
      read: (sent) => [readFearGreed(sent, 'alternative-me', NOW)],
      isGood: (index) => Value.Check(MarketIndex, index) && Date.parse(index.observedAt) <= NOW,
    })
    t.ok(indices > 2_000, `Alternative.me: ${indices} values`)
  },
)

const NOTHING = observationOf()

const settingsOf = (url: string): SourceSettings => ({
  url,
  streamUrl: null,
  apiKey: null,
  perMinute: 60,
  perMonth: null,
  simulated: false,
})

/** The source, opened on a server of this machine that says `body`. */
async function opened(t: Test, definition: SourceDefinition, body: unknown, settings: Partial<SourceSettings> = {}) {
  const requests: IncomingMessage[] = []
  const next: [number, unknown][] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const [status, said] = next.shift() ?? [200, body]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  const tools = { clock: new FakeClock(NOW), log: captureLog().log, random: () => 0 }
  const source = definition.open({ ...settingsOf(url), ...settings }, tools)
  t.teardown(async () => {
    await source.close()
    server.close()
  })
  return { source, requests, says: (status: number, said: unknown) => void next.push([status, said]) }
}

function roundOf(source: MarketSource, name: string, wants: Partial<Demand> = {}): readonly SourceCall[] {
  const feed = source.feeds.find((each): each is PollFeed => each.kind === 'poll' && each.name === name)
  if (feed === undefined) throw new Error(`no feed ${name}`)
  return feed.round({ ...NO_DEMAND, ...wants })
}

const NO_DEMAND: Demand = {
  ids: () => [],
  stalest: () => [],
  urgent: () => [],
  contractsOf: () => [],
  tokens: () => [],
}

const idsOf = ({ target }: SourceCall) => ('coinIds' in target ? target.coinIds : [])
