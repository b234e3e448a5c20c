import { type Sort, TIMEFRAMES, type Timeframe } from '../../market/protocol.ts'

/** A column of the table. Its name is its class too: the style says where there is room for it. */
export interface Column {
  name: string
  /** What its head sorts by, where it can. */
  sort: Sort | null
  /** Set where it shows the score on a horizon: its head chooses that horizon too. */
  horizon: Timeframe | null
}

const plain = (name: string, sort: Sort | null): Column => ({ name, sort, horizon: null })

export const COLUMNS: readonly Column[] = [
  plain('star', null),
  plain('rank', 'rank'),
  plain('coin', 'name'),
  plain('price', 'price'),
  plain('hour', '1h'),
  plain('day', '24h'),
  plain('week', '7d'),
  plain('month', '30d'),
  plain('shape', null),
  plain('cap', 'marketCap'),
  plain('volume', 'volume'),
  ...TIMEFRAMES.map((horizon): Column => ({ name: 'score', sort: 'score', horizon })),
  plain('signal', 'confidence'),
  plain('age', 'updated'),
]
