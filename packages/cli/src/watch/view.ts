import type { LiveMarket, MarketRow, RowFilter, TriggeredAlert } from '@crypto-signals/client'
import { alertText } from '../alert-words.ts'
import { type Context, sourceNote } from '../context.ts'
import { amountOf, countOf, percentOf, priceOf, scoreOf, shareOf, spanOf, UNKNOWN } from '../terminal/numbers.ts'
import { plain } from '../terminal/paint.ts'
import { type Cell, type Column, table } from '../terminal/table.ts'
import { actionCell, HORIZON_NAMES, rankOf } from '../words.ts'
import { firstRows, horizonIn, type RowSort } from './order.ts'

interface Frame {
  sort: RowSort
  columns: number
  rows: number
  alert: TriggeredAlert | undefined
}

/** How long a price that changed is shown in the colour of its change. */
const FLASH_MS = 1_500

/** What of a coin was shown last, and since when it is so. */
interface Shown {
  price: number | null
  risen: boolean
  changedAt: number
}

/** Makes the lines of the page; it remembers what it showed, so that changes are seen. */
export function createView({ paint, now }: Context, { timeframe }: RowFilter) {
  let shown = new Map<string, Shown>()
  const priceCell = (row: MarketRow, kept: Map<string, Shown>): Cell => {
    const before = shown.get(row.coinId)
    const same = before === undefined || before.price === row.priceUsd
    const changedAt = same ? (before?.changedAt ?? 0) : now()
    const risen = same ? (before?.risen ?? false) : (row.priceUsd ?? 0) > (before.price ?? 0)
    kept.set(row.coinId, { price: row.priceUsd, risen, changedAt })
    const flashes = now() - changedAt < FLASH_MS
    return { text: priceOf(row.priceUsd), paint: flashes ? (risen ? paint.good : paint.bad) : plain }
  }
  const cellsOf = (row: MarketRow, kept: Map<string, Shown>): Cell[] => {
    const horizon = horizonIn(row, timeframe)
    const { '1h': hour, '24h': day, '7d': week } = row.changePct
    return [
      { text: row.symbol.toUpperCase(), paint: paint.bold },
      row.name,
      rankOf(row.rank),
      priceCell(row, kept),
      ...[hour, day, week].map((percent) => ({ text: percentOf(percent), paint: paint.signed(percent) })),
      amountOf(row.marketCapUsd),
      scoreOf(horizon === null || horizon.insufficientData ? null : horizon.finalScore),
      horizon === null ? { text: 'not scored', paint: paint.dim } : actionCell(horizon, paint),
      horizon === null ? UNKNOWN : shareOf(horizon.confidence),
      { text: spanOf(now() - Date.parse(row.observedAt)), paint: paint.dim },
    ]
  }
  return {
    lines: (market: LiveMarket, { sort, columns, rows, alert }: Frame): string[] => {
      const head = [
        ...headLines(market, paint),
        ...(alert === undefined ? [] : [paint.warn(`ALERT ${alertText(alert)}`)]),
      ]
      const space = Math.max(0, rows - head.length - 2)
      const kept = new Map<string, Shown>()
      const first = firstRows(market.rows.values(), space, { sort, ...(timeframe === undefined ? {} : { timeframe }) })
      const body = table(
        COLUMNS,
        first.map((row) => cellsOf(row, kept)),
        { paint, width: columns },
      )
      shown = kept
      const horizon = timeframe === undefined ? 'most confident horizon' : HORIZON_NAMES[timeframe]
      return [...head, ...body, paint.dim(`by ${sort}, ${horizon}   s: other order   q: leave`)]
    },
  }
}

function headLines({ rows, source, state, version }: LiveMarket, paint: Context['paint']): string[] {
  const states = {
    connecting: paint.warn('connecting'),
    open: paint.good('live'),
    waiting: paint.bad('the server is gone, connecting anew'),
    closed: 'closed',
  }
  const count = version === null ? 'loading' : `${countOf(rows.size)} coins`
  return [
    `${paint.bold('crypto-signals')}  ${states[state]}  ${count}`,
    ...(source === null ? [] : sourceNote(source, paint)),
  ]
}

const right = 'right' as const

const COLUMNS: readonly Column[] = [
  { title: 'COIN', most: 10 },
  { title: 'NAME', most: 24 },
  { title: 'RANK', align: right },
  { title: 'PRICE $', align: right },
  { title: '1H', align: right },
  { title: '24H', align: right },
  { title: '7D', align: right },
  { title: 'CAP $', align: right },
  { title: 'SCORE', align: right },
  { title: 'SAYS' },
  { title: 'SURE', align: right },
  { title: 'AGE', align: right },
]
