import './market-page.css'
import { useEffect } from 'preact/hooks'
import { words } from '../../language/words.ts'
import { horizon } from '../../preferences.ts'
import { PATHS, route } from '../../routing/route.ts'
import { CoinTable } from './coin-table.tsx'
import { FilterBar } from './filter-bar.tsx'
import { SummaryStrip } from './summary-strip.tsx'
import { choice } from './view.ts'
import { addressOf } from './view-query.ts'

/** The whole market: what it looks like, and every coin of it. */
export function MarketPage() {
  const title = words.value.market.document
  useEffect(() => {
    document.title = `${title} · Crypto Signals`
  }, [title])
  const query = addressOf(choice.value, horizon.value)
  useEffect(() => {
    if (route.peek().page === 'market') history.replaceState(history.state, '', PATHS.market + query)
  }, [query])
  return (
    <div class="market">
      <SummaryStrip />
      <FilterBar />
      <CoinTable />
    </div>
  )
}
