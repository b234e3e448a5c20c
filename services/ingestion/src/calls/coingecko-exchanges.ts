import type { ExchangePair } from '../source.ts'
import { faultOf, fieldOf, textOf } from './reading.ts'
import type { RowReading } from './row-reading.ts'
import { realName } from './simulated.ts'

/** CoinGecko's id of an exchange of ours; null if it is none. */
export const exchangeIdOf = (source: string): string | null => EXCHANGE_IDS.get(realName(source)) ?? null

const EXCHANGE_IDS: ReadonlyMap<string, string> = new Map([
  ['binance', 'binance'],
  ['bybit', 'bybit_spot'],
  ['okx', 'okex'],
  ['kraken', 'kraken'],
  ['kucoin', 'kucoin'],
  ['gate', 'gate'],
  ['mexc', 'mxc'],
  ['bitget', 'bitget'],
  ['coinbase', 'gdax'],
])

/** Reads one ticker of /exchanges/{id}/tickers for the coins it trades. */
export function readExchangePair(row: unknown): RowReading<ExchangePair> {
  const said = (field: string) => textOf(fieldOf(row, field), MAX_TEXT)
  const [base, target, coinId] = [said('base'), said('target'), said('coin_id')]
  if (base === null) return faultOf('base', fieldOf(row, 'base'), null)
  if (target === null) return faultOf('target', fieldOf(row, 'target'), base)
  if (coinId === null) return faultOf('coin_id', fieldOf(row, 'coin_id'), base)
  return { row: { base, target, coinId, targetCoinId: said('target_coin_id') } }
}

const MAX_TEXT = 128
