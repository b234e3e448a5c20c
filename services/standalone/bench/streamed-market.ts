import type { buildIngestion } from '@crypto-signals/ingestion'
import { manyQuotes, randomOf } from '@crypto-signals/testing'

type MarketSources = Awaited<ReturnType<Parameters<typeof buildIngestion>[1]['openSources']>>
type MarketSource = MarketSources['sources'][number]
type StreamFeed = Extract<MarketSource['feeds'][number], { kind: 'stream' }>
type PollFeed = Extract<MarketSource['feeds'][number], { kind: 'poll' }>
type Hand = Parameters<StreamFeed['run']>[0]
type Observation = Parameters<Hand>[0]['rows'][number]

/** A market of which one source told everything once, and two exchanges tell the prices of some coins without a pause. */
export interface StreamedMarket {
  sources: MarketSource[]
  /** Whether every pair of both exchanges was told. */
  arePairsKnown(): boolean
  /** The next `count` prices, all of one exchange, as one message. */
  say: (count: number) => void
  /** What each coin cost last. */
  readonly prices: ReadonlyMap<string, number>
}

const EXCHANGES = ['binance', 'okx']
const PAIRS_A_PAGE = 100
const COINS_A_CALL = 250

export function createStreamedMarket(listed: number, streamed: number): StreamedMarket {
  const quotes = manyQuotes(listed, 5).map((quote) => ({ ...quote, priceUsd: quote.priceUsd ?? 1 }))
  const prices = new Map(quotes.slice(0, streamed).map(({ coinId, priceUsd }) => [coinId, priceUsd]))
  const coinIds = [...prices.keys()]
  const random = randomOf(7)
  const hands: Hand[] = []
  let [pages, next, round] = [0, 0, 0]

  /** Each goes through all coins in turn. */
  const nextRow = (): Observation => {
    const index = next
    next = (next + 1) % coinIds.length
    if (next === 0) round++
    const coinId = coinIds[index] ?? ''
    const price = (prices.get(coinId) ?? 1) * (0.999 + random() * 0.002)
    prices.set(coinId, price)
    const range = { volume24h: 1e6, high24h: price * 1.05, low24h: price * 0.95 }
    return { ...NOTHING_SAID, key: `S${index}USD`, symbol: `S${index}`, price, ...range, observedAtMs: Date.now() }
  }
  return {
    prices,
    arePairsKnown: () => pages >= EXCHANGES.length * (Math.floor(coinIds.length / PAIRS_A_PAGE) + 1),
    say(count) {
      const hand = hands[round % EXCHANGES.length]
      const rows = Array.from({ length: Math.min(count, coinIds.length - next) }, nextRow)
      hand?.({ receivedAt: Date.now(), rows, faults: [], repeated: 0 })
    },
    sources: [
      {
        ...sourceOf('coingecko'),
        facts: { ...FACTS, name: 'coingecko', kind: 'aggregator', keys: 'coingecko-id' },
        feeds: [sweepOf(quotes)],
        listCoins: async () =>
          answerOf(quotes.map(({ coinId, symbol, name }) => ({ id: coinId, symbol, name, platforms: {} }))),
        async exchangePairs(_exchange, page) {
          pages++
          const from = (page - 1) * PAIRS_A_PAGE
          const pairOf = (coinId: string, index: number) => ({
            base: `S${from + index}`,
            target: 'USD',
            coinId,
            targetCoinId: null,
          })
          return answerOf(coinIds.slice(from, from + PAIRS_A_PAGE).map(pairOf))
        },
      },
      ...EXCHANGES.map((name) => exchangeOf(name, hands)),
    ],
  }
}

const answerOf = <T>(rows: T[]) => ({ receivedAt: Date.now(), rows, faults: [], repeated: 0 })

const FACTS = {
  title: 'Made up',
  kind: 'exchange' as const,
  attribution: { text: 'Made up', url: 'https://example.com' },
  terms: 'none',
  access: 'open' as const,
  fields: ['price' as const],
  keys: 'pair' as const,
  derivedFrom: null,
}

const sourceOf = (name: string) => ({
  facts: { ...FACTS, name },
  limits: { perMinute: 1_000_000, perMonth: null, minGapMs: 0 },
  simulated: false,
  ping: async () => null,
  close: async () => undefined,
})

const exchangeOf = (name: string, hands: Hand[]): MarketSource => {
  const source = sourceOf(name)
  return { ...source, facts: { ...source.facts, listedAs: name }, feeds: [streamTo(hands)] }
}

const NOTHING_SAID = {
  name: null,
  image: null,
  currency: 'USD',
  marketCapUsd: null,
  marketCapRank: null,
  circulatingSupply: null,
  changePct: null,
  sparkline: null,
}

const streamTo = (hands: Hand[]): StreamFeed => ({
  kind: 'stream',
  name: 'tickers',
  run(hand, told, signal) {
    hands.push(hand)
    told({ connected: true })
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  },
})

type Quotes = ReturnType<typeof manyQuotes>

/** All that is known of all coins, a month apart. */
const sweepOf = (quotes: Quotes): PollFeed => ({
  kind: 'poll',
  name: 'sweep',
  bestEveryMs: 30 * 86_400_000,
  share: 0.9,
  urgent: false,
  resumable: false,
  round: () =>
    Array.from({ length: Math.ceil(quotes.length / COINS_A_CALL) }, (_, call) => {
      const part = quotes.slice(call * COINS_A_CALL, (call + 1) * COINS_A_CALL)
      return {
        label: String(call),
        credits: 1,
        target: { coinIds: part.map(({ coinId }) => coinId) },
        ask: async () => answerOf(part.map(rowOf)),
      }
    }),
})

const rowOf = (quote: Quotes[number]): Observation => ({
  key: quote.coinId,
  symbol: quote.symbol,
  name: quote.name,
  image: quote.image,
  currency: 'USD',
  price: quote.priceUsd,
  volume24h: quote.volumeUsd24h,
  high24h: quote.high24hUsd,
  low24h: quote.low24hUsd,
  marketCapUsd: quote.marketCapUsd,
  marketCapRank: quote.marketCapRank,
  circulatingSupply: quote.circulatingSupply,
  changePct: quote.changePct,
  sparkline: quote.sparkline,
  observedAtMs: Date.now(),
})
