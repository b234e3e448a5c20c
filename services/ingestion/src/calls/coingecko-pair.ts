import type { ExchangePair } from '../source.ts'
import { faultOf, fieldOf } from './reading.ts'
import type { RowReading } from './row-reading.ts'
import { textOf } from './text.ts'

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
