import { chance } from '../market/hash.ts'
import { COINS } from '../world/fiat.ts'
import { type Pair, pairsOf } from '../world/listing.ts'
import { secondsInstant } from '../world/numbers.ts'
import { tickerOf } from '../world/tickers.ts'
import type { View } from '../world/view.ts'
import { EXCHANGES } from './exchanges.ts'
import { type Answerer, refusal } from './source.ts'

const PER_PAGE = 100

/** What CoinGecko knows of an exchange's pairs: most of them, each with its coin's id. */
export const exchangePairs = (view: View): Answerer => {
  const known = new Map<string, readonly Pair[]>()
  const pairsIn = (id: string): readonly Pair[] | undefined => {
    const exchange = EXCHANGES.find(({ name }) => CALLED[name] === id)
    if (exchange === undefined) return undefined
    const pairs = known.get(id) ?? pairsOf(view.world, exchange.listing).filter(({ seed }) => chance(seed, 9) < KNOWN)
    known.set(id, pairs)
    return pairs
  }
  return ({ param, query }) => {
    const pairs = pairsIn(param('exchange'))
    if (pairs === undefined) return refusal(404, { error: 'Exchange not found' })
    const page = Math.max(1, Number(query('page')) || 1)
    const seenAt = view.seenAt()
    return {
      name: param('exchange'),
      tickers: pairs
        .filter(({ index }) => index !== null)
        .slice((page - 1) * PER_PAGE, page * PER_PAGE)
        .map((pair) => tickerRow(view, pair, seenAt)),
    }
  }
}

const KNOWN = 0.97

const tickerRow = (view: View, pair: Pair, seenAt: number) => {
  const ticker = tickerOf(view, pair, seenAt)
  const at = secondsInstant(seenAt).replace('Z', '+00:00')
  const quoted = COINS[pair.quote === 'XBT' ? 'BTC' : pair.quote]
  return {
    base: pair.base,
    target: pair.quote,
    market: { name: 'Exchange', identifier: 'exchange', has_trading_incentive: false },
    last: ticker?.last ?? null,
    volume: ticker?.baseVolume ?? null,
    trust_score: 'green',
    timestamp: at,
    last_traded_at: at,
    last_fetch_at: at,
    is_anomaly: false,
    is_stale: false,
    coin_id: view.world.coinAt(pair.index ?? 0).id,
    ...(quoted !== undefined && { target_coin_id: quoted }),
  }
}

/** CoinGecko's names of the exchanges. */
const CALLED: Readonly<Record<string, string>> = {
  binance: 'binance',
  bybit: 'bybit_spot',
  okx: 'okex',
  kraken: 'kraken',
  kucoin: 'kucoin',
  gate: 'gate',
  mexc: 'mxc',
  bitget: 'bitget',
  coinbase: 'gdax',
}
