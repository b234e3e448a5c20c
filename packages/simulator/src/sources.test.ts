import { existsSync, readFileSync } from 'node:fs'
import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { type Fault, startSimulator } from './index.ts'

const COINS = 1_500
const SHAPES = `${import.meta.dirname}/../../../../shared/data/exchanges/ticker_kline_symbol_shapes_2026.json`
const EXCHANGES = ['binance', 'bybit', 'okx', 'kraken', 'kucoin', 'gate', 'mexc', 'bitget', 'coinbase']

type Options = Partial<Parameters<typeof startSimulator>[0]>

/** A simulator at a standing clock, and ways to ask its sources. */
const simulated = async (options: Options = {}) => {
  const clock = new FakeClock()
  const simulator = await startSimulator({ clock, coins: COINS, ...options })
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${simulator.url}${path}`, { headers })
  const json = async (path: string, headers?: Record<string, string>): Promise<any> => (await ask(path, headers)).json()
  return { clock, simulator, ask, json, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() }
}

const START = new FakeClock().now()
const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY }

t.test('every source tells the same price of bitcoin, each in its own words', async (t) => {
  await using world = await simulated()
  const { json, simulator } = world
  const key = { 'X-CMC_PRO_API_KEY': 'any' }
  const told: Record<string, unknown> = {
    coingecko: (await json('/coingecko/coins/markets?vs_currency=usd&ids=bitcoin'))[0].current_price,
    coinpaprika: rowIn(await json('/coinpaprika/tickers'), 'id', 'btc-bitcoin')?.quotes.USD.price,
    coinlore: rowIn((await json('/coinlore/tickers/?start=0&limit=100')).data, 'symbol', 'BTC')?.price_usd,
    defillama: (await json('/defillama/prices/current/coingecko:bitcoin')).coins['coingecko:bitcoin']?.price,
    coinmarketcap: rowIn(
      (await json('/coinmarketcap/cryptocurrency/listings/latest?start=1&limit=5000', key)).data,
      'symbol',
      'BTC',
    )?.quote.USD.price,
    binance: rowIn(await json('/binance/ticker/24hr'), 'symbol', 'BTCUSDT')?.lastPrice,
    bybit: rowIn((await json('/bybit/market/tickers?category=spot')).result.list, 'symbol', 'BTCUSDT')?.lastPrice,
    okx: rowIn((await json('/okx/market/tickers?instType=SPOT')).data, 'instId', 'BTC-USDT')?.last,
    kraken: (await json('/kraken/Ticker')).result.XXBTZUSD?.c[0],
    kucoin: rowIn((await json('/kucoin/market/allTickers')).data.ticker, 'symbol', 'BTC-USDT')?.last,
    gate: rowIn(await json('/gate/spot/tickers'), 'currency_pair', 'BTC_USDT')?.last,
    mexc: rowIn(await json('/mexc/ticker/24hr'), 'symbol', 'BTCUSDT')?.lastPrice,
    bitget: rowIn((await json('/bitget/spot/market/tickers')).data, 'symbol', 'BTCUSDT')?.lastPr,
    coinbase: (await json('/coinbase/products/stats'))['BTC-USD']?.stats_24hour.last,
  }
  const truth = simulator.truePrice('bitcoin', START) ?? 0
  const listing = Object.entries(told).filter(([, price]) => price !== undefined)
  t.ok(listing.length >= 12, listing.map(([source]) => source).join())
  for (const [source, price] of listing)
    t.ok(Math.abs(Number(price) / truth - 1) < 0.03, `${source}: ${Number(price)}, ${truth}`)
})

t.test(
  'markets of decentralised exchanges tell the price of a token by its contract, in the chain they call by their own name',
  async (t) => {
    await using world = await simulated()
    const { json, simulator } = world
    const listed = (await json('/coingecko/coins/list?include_platform=true')) as {
      id: string
      platforms: Record<string, string>
    }[]
    t.ok(listed.filter(({ platforms }) => Object.keys(platforms).length > 0).length > COINS * 0.6)
    const tokens = listed.filter(({ platforms }) => platforms['binance-smart-chain'] !== undefined).slice(0, 30)
    const addresses = tokens.map(({ platforms }) => platforms['binance-smart-chain']).join(',')
    const pools = await json(`/dexscreener/tokens/v1/bsc/${addresses}`)
    const known = (await json(`/geckoterminal/networks/bsc/tokens/multi/${addresses}`)).data
    t.ok(pools.length > 20 && known.length === 30)
    for (const { id, platforms } of tokens) {
      const own = platforms['binance-smart-chain'] ?? ''
      const best = pools
        .filter((pool: { baseToken: { address: string } }) => pool.baseToken.address.toLowerCase() === own)
        .sort(
          (a: { liquidity: { usd: number } }, b: { liquidity: { usd: number } }) => b.liquidity.usd - a.liquidity.usd,
        )[0]
      if (best === undefined) continue
      const truth = simulator.truePrice(id, START) ?? 0
      t.ok(Math.abs(Number(best.priceUsd) / truth - 1) < 0.06, id)
      const token = known.find(({ attributes }: { attributes: { address: string } }) => attributes.address === own)
      t.ok(Math.abs(Number(token.attributes.price_usd) / truth - 1) < 0.06, id)
    }
  },
)

t.test('no exchange has a symbol twice, and some symbols mean different coins on different exchanges', async (t) => {
  await using world = await simulated()
  const meanings = new Map<string, Set<string>>()
  for (const exchange of EXCHANGES) {
    const coins = new Map<string, string>()
    for (const [key, coinId] of world.simulator.meanings(exchange)) {
      const base = key.replace(/[-_/]?(USDT|USD)$/, '')
      if (coinId === null || base === key) continue
      t.equal(coins.get(base) ?? coinId, coinId, `${exchange} ${base}`)
      coins.set(base, coinId)
      meanings.set(base, (meanings.get(base) ?? new Set()).add(coinId))
    }
  }
  t.ok([...meanings.values()].some((coins) => coins.size > 1))
})

t.test('a coin too cheap to quote is traded by the thousand, and its price says so', async (t) => {
  await using world = await simulated({ coins: 4_000 })
  const thousands = [...world.simulator.meanings('binance')].filter(([key]) => /^1000+[A-Z]\w*USDT$/.test(key))
  t.ok(thousands.length > 0)
  const rows = await world.json('/binance/ticker/24hr')
  for (const [symbol, coinId] of thousands) {
    const factor = Number(/^10+/.exec(symbol)?.[0])
    const truth = world.simulator.truePrice(coinId ?? '', START) ?? 0
    t.ok(Math.abs(Number(rowIn(rows, 'symbol', symbol)?.lastPrice) / (truth * factor) - 1) < 0.03, symbol)
  }
})

t.test(
  'rows of exchanges have the fields of the recorded shapes',
  { skip: existsSync(SHAPES) ? false : 'the recorded market data is not here' },
  async (t) => {
    await using world = await simulated()
    const { json } = world
    const shapes = JSON.parse(readFileSync(SHAPES, 'utf8')) as Record<string, string>
    const recorded = (name: string) => {
      const text = shapes[name] ?? ''
      return JSON.parse(text.slice(text.search(/^[[{]/m)))
    }
    const missing = (own: object, theirs: object) => Object.keys(own).filter((field) => !(field in theirs))
    const binance = recorded('Binance.Net/Endpoints/Spot/ExchangeData/GetTicker.txt')
    t.same(missing((await json('/binance/ticker/24hr'))[0], binance), [])
    const bybit = recorded('Bybit.Net/Endpoints/V5Api/ExchangeData/GetSpotTickers.txt')
    const ours = (await json('/bybit/market/tickers?category=spot')).result.list[0]
    t.same(missing(ours, bybit.result.list[0]), [])
    const kraken = recorded('Kraken.Net/Endpoints/Spot/ExchangeData/GetTicker.txt')
    t.same(missing((await json('/kraken/Ticker')).result.XXBTZUSD, kraken.result.XXBTZUSD), [])
    const okx = recorded('OKX.Net/Endpoints/UnifiedApi/ExchangeData/GetTickers.txt')
    t.same(missing((await json('/okx/market/tickers?instType=SPOT')).data[0], okx.data[0]), [])
  },
)

t.test('candles of an exchange agree with its ticker and lie end to end', async (t) => {
  await using world = await simulated()
  const rows = (await world.json('/binance/klines?symbol=BTCUSDT&interval=1h&limit=48')) as [number, ...string[]][]
  t.equal(rows.length, 48)
  t.ok(rows.every(([openedAt], index) => index === 0 || openedAt - (rows[index - 1]?.[0] ?? 0) === 3_600_000))
  t.ok(
    rows.every(
      ([, open, high, low, close]) =>
        Number(high) >= Math.max(Number(open), Number(close)) && Number(low) <= Number(open),
    ),
  )
  const day = rowIn(await world.json('/binance/ticker/24hr'), 'symbol', 'BTCUSDT')
  t.ok(Math.abs(Number(rows.at(-1)?.[4]) / Number(day?.lastPrice) - 1) < 0.005)
})

t.test(
  'what a free plan does not bear is refused as its source refuses it, and counted; a generous one refuses nobody',
  async (t) => {
    await using strict = await simulated({ limits: 'free-plans' })
    for (let call = 0; call < 30; call++) t.equal((await strict.ask('/coingecko/ping')).status, 200)
    const refused = await strict.ask('/api/v3/ping')
    t.equal(refused.status, 429)
    t.equal(refused.headers.get('retry-after'), '60')
    t.match(await refused.json(), { status: { error_code: 429, error_message: /Rate Limit/ } })
    for (let call = 0; call < 60; call++) await strict.ask('/kraken/Time')
    t.same(await strict.json('/kraken/Time'), { error: ['EGeneral:Too many requests'] })
    t.match(strict.simulator.violations(), { coingecko: 1, kraken: 1, binance: 0 })
    await strict.clock.advance(60_000)
    t.equal((await strict.ask('/coingecko/ping')).status, 200)

    await using generous = await simulated()
    for (let call = 0; call < 40; call++) t.equal((await generous.ask('/coingecko/ping')).status, 200)
    t.match(generous.simulator.violations(), { coingecko: 0 })
  },
)

t.test('CoinMarketCap wants a key, and counts a credit for 200 rows', async (t) => {
  await using world = await simulated({ limits: 'free-plans' })
  const path = '/coinmarketcap/cryptocurrency/listings/latest?start=1&limit=5000'
  const refused = await world.ask(path)
  t.equal(refused.status, 401)
  t.match(await refused.json(), { status: { error_code: 1002 } })
  const { status } = await world.json(path, { 'x-cmc_pro_api_key': 'any' })
  t.equal(status.credit_count, 25)
  t.equal(world.simulator.usage().coinmarketcap?.monthCredits, 50)
})

t.test('a source that is down answers as its fault says, and no other is', async (t) => {
  const down = (source: string, answer: 'error' | 'silence' | 'blocked'): Fault => ({
    ...always,
    source,
    kind: 'outage',
    answer,
  })
  const faults = [down('gate', 'error'), down('binance', 'blocked'), down('okx', 'silence')]
  await using world = await simulated({ faults })
  t.equal((await world.ask('/gate/spot/tickers')).status, 502)
  t.equal((await world.ask('/binance/ticker/24hr')).status, 451)
  const silent = fetch(`${world.simulator.url}/okx/public/time`, { signal: AbortSignal.timeout(200) })
  await t.rejects(silent, { name: 'TimeoutError' })
  t.equal((await world.ask('/mexc/ticker/24hr')).status, 200)
})

t.test('an outage ends when its time is over', async (t) => {
  await using world = await simulated({
    faults: [{ source: 'gate', kind: 'outage', answer: 'error', fromMs: START, toMs: START + 60_000 }],
  })
  t.equal((await world.ask('/gate/spot/time')).status, 502)
  await world.clock.advance(60_000)
  t.equal((await world.ask('/gate/spot/time')).status, 200)
})

t.test('wrong prices, a lag and a symbol that was given to another coin show at that source alone', async (t) => {
  const faults: Fault[] = [
    { ...always, source: 'gate', kind: 'wrong-prices', coinIds: ['bitcoin'], factor: 3 },
    { ...always, source: 'kucoin', kind: 'symbol-reuse', coinId: 'bitcoin', becomesId: 'dogecoin' },
    { ...always, source: 'okx', kind: 'lag', lagMs: 7_200_000 },
  ]
  await using world = await simulated({ faults })
  const { json, simulator } = world
  const priceNear = (told: unknown, coinId: string, at: number) =>
    Math.abs(Number(told) / (simulator.truePrice(coinId, at) ?? 0) - 1) < 0.01
  const gate = rowIn(await json('/gate/spot/tickers'), 'currency_pair', 'BTC_USDT')?.last
  t.ok(priceNear(Number(gate) / 3, 'bitcoin', START), gate)
  const kucoin = rowIn((await json('/kucoin/market/allTickers')).data.ticker, 'symbol', 'BTC-USDT')?.last
  t.ok(priceNear(kucoin, 'dogecoin', START), kucoin)
  const okx = rowIn((await json('/okx/market/tickers?instType=SPOT')).data, 'instId', 'BTC-USDT')
  t.ok(priceNear(okx?.last, 'bitcoin', START - 7_200_000), okx?.last)
  t.ok(Number(okx?.ts) <= START - 7_200_000)
  const binance = rowIn(await json('/binance/ticker/24hr'), 'symbol', 'BTCUSDT')?.lastPrice
  t.ok(priceNear(binance, 'bitcoin', START), binance)
})

t.test('surprises change the share of the rows that they should', async (t) => {
  await using plain = await simulated()
  await using odd = await simulated({ faults: [{ ...always, source: 'gate', kind: 'surprises', share: 0.2 }] })
  const good = (await plain.json('/gate/spot/tickers')) as unknown[]
  const rows = (await odd.json('/gate/spot/tickers')) as unknown[]
  t.equal(rows.length, good.length)
  const changed = rows.filter((row, index) => JSON.stringify(row) !== JSON.stringify(good[index])).length
  t.ok(changed > rows.length * 0.1 && changed < rows.length * 0.3, `${changed} of ${rows.length}`)
})

t.test('CoinGecko knows what the pairs of an exchange are of, a hundred a page', async (t) => {
  await using world = await simulated({ coins: 4_000 })
  const means = world.simulator.meanings('gate')
  const pages = [1, 2, 3, 4, 5, 6].map((page) => world.json(`/coingecko/exchanges/gate/tickers?page=${page}`))
  const tickers = (await Promise.all(pages)).map(
    (body) => body.tickers as { base: string; target: string; coin_id: string }[],
  )
  t.equal(tickers[0]?.length, 100)
  t.ok((tickers.findLast((page) => page.length > 0)?.length ?? 0) <= 100)
  const known = tickers.flat()
  for (const { base, target, coin_id: coinId } of known) t.equal(means.get(`${base}_${target}`), coinId)
  const pairs = [...means.values()].filter((coinId) => coinId !== null).length
  t.ok(known.length > pairs * 0.9 && known.length < pairs, `${known.length} of ${pairs}`)
  t.equal((await world.ask('/coingecko/exchanges/nowhere/tickers')).status, 404)
})

t.test('fear and greed is a word and a number as text, once a day', async (t) => {
  await using world = await simulated()
  const { data } = await world.json('/alternative-me/fng/?limit=0')
  t.equal(data.length, 365)
  t.ok(data.every(({ value }: { value: string }) => Number(value) >= 0 && Number(value) <= 100))
  await world.clock.advance(3_600_000)
  t.equal((await world.json('/alternative-me/fng/')).data[0].value, data[0].value)
})

const rowIn = (rows: any[], field: string, value: string) => rows.find((row) => row[field] === value)
