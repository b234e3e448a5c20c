import { TIMEFRAMES } from '@crypto-signals/contracts'
import type { SignalTable } from '../read-model/signals.ts'
import type { Totals } from '../read-model/view.ts'

/** The data of /api/signals/stats. Averages are rounded to two decimals, and 0 when there is nothing to average. */
export function statsOf(signals: SignalTable) {
  const { totals } = signals.view()
  const [strongBuyCount, buyCount, holdCount, sellCount, strongSellCount] = totals.actions
  const overview = {
    totalCoins: totals.count,
    avgScore: averageOf(totals),
    strongBuyCount,
    buyCount,
    holdCount,
    sellCount,
    strongSellCount,
  }
  const timeframes = TIMEFRAMES.map((timeframe) => {
    const { totals } = signals.view(timeframe)
    return { timeframe, count: totals.count, avgScore: averageOf(totals) }
  })
  return { overview, timeframes }
}

const averageOf = ({ count, scoreSum }: Totals) => (count === 0 ? 0 : Math.round((scoreSum / count) * 100) / 100)
