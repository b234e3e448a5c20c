import { binanceStream } from './binance-stream.ts'
import { klineOf } from './candles.ts'
import { exchange } from './exchange.ts'
import { joinedWith } from './pair.ts'
import { fieldOf, listIn } from './reading.ts'

// No USD: it has no such pairs, and BNBUSD could then be told from BN/BUSD no more.
const CURRENCIES = [
  'USDT USDC FDUSD TUSD BUSD USD1 USDE USDS USDP PAX XUSD DAI UST VAI BTC ETH BNB SOL XRP TRX DOT DOGE',
  'EUR AEUR EURI TRY BRL JPY GBP AUD ARS COP CZK MXN PLN RON UAH ZAR NGN RUB IDR BIDR IDRT BKRW BVND',
].flatMap((line) => line.split(' '))

/** Binance's spot market, by the hosts that serve public data alone: its other ones refuse whole countries. */
export const binance = exchange({
  name: 'binance',
  title: 'Binance',
  site: 'https://www.binance.com',
  listedAs: 'binance',
  url: 'https://data-api.binance.vision/api/v3',
  streamUrl: 'wss://data-stream.binance.vision/ws',
  // All tickers weigh 80 of the 6,000 a minute.
  perMinute: 40,
  minGapMs: 0,
  // The stream tells what changes; this, what it may have missed.
  tickersEveryMs: 300_000,
  tickers: '/ticker/24hr',
  candles: (pair, interval) => `/klines?symbol=${pair}&interval=${interval}&limit=500`,
  reader: () => ({
    split: joinedWith(CURRENCIES),
    tickers: (body) =>
      listIn(body, '/ticker/24hr').map((row) => ({
        pair: fieldOf(row, 'symbol'),
        last: fieldOf(row, 'lastPrice'),
        high: fieldOf(row, 'highPrice'),
        low: fieldOf(row, 'lowPrice'),
        quoteVolume: fieldOf(row, 'quoteVolume'),
        at: fieldOf(row, 'closeTime'),
      })),
    candles: (body) => listIn(body, '/klines').map(klineOf),
  }),
  stream: (settings, tools, split) =>
    settings.streamUrl === null ? [] : [binanceStream(settings.streamUrl, tools, split)],
})
