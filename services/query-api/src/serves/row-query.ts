import { type Action, CoinId, type ExportQuery, MAX_FILTER_COINS } from '@crypto-signals/contracts'
import { httpError } from '@crypto-signals/service'
import { createRowFilter, type RowFilter } from '../read-model/row-filter.ts'
import type { Serving } from './answer.ts'

/** The filter that a query asks for. Coins that it names count as asked for. */
export function rowFilterOf({ market, asked }: Serving, query: ExportQuery): RowFilter {
  const coins = query.coins === undefined ? undefined : coinsIn(query.coins)
  const filter = createRowFilter(market, {
    coins,
    timeframe: query.timeframe,
    actions: query.actions?.split(',').map((word) => word.toUpperCase() as Action),
    minChange: query.min_change,
  })
  for (const slot of filter.named() ?? []) asked(market.slots.ids[slot] as string)
  return filter
}

function coinsIn(list: string): string[] {
  const coins = list.split(',')
  const fault = (message: string) => httpError('HTTP_INVALID_REQUEST', [{ path: 'query/coins', message }])
  if (coins.length > MAX_FILTER_COINS) throw fault(`must name at most ${MAX_FILTER_COINS} coins`)
  if (coins.some((coinId) => coinId === '' || coinId.length > LONGEST)) throw fault('must be coin ids between commas')
  return coins
}

const LONGEST = CoinId.maxLength ?? 0
