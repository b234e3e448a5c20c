import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { MarketRow } from '../../market/protocol.ts'
import { Change } from '../../pieces/change.tsx'
import { Monogram } from '../../pieces/monogram.tsx'

interface ChosenCoinProps {
  coinId: string
  row: MarketRow | undefined
  clear: () => void
}

/** The coin that the new alert is about, with its price as it is now. */
export function ChosenCoin({ coinId, row, clear }: ChosenCoinProps) {
  const { alerts } = words.value
  return (
    <div class="chosen-coin">
      <Monogram coinId={coinId} name={row?.name ?? coinId} />
      <span class="coin-cell-names">
        <span class="coin-cell-symbol">{row?.symbol.toUpperCase() ?? coinId}</span>
        {row !== undefined && <span class="coin-cell-name">{row.name}</span>}
      </span>
      {row !== undefined && (
        <span class="chosen-coin-now">
          <span>{figures.value.price(row.priceUsd)}</span>
          <span class="small">
            <Change percent={row.changePct['24h']} />
          </span>
        </span>
      )}
      <button
        type="button"
        class="chosen-coin-clear"
        aria-label={alerts.coinChange}
        title={alerts.coinChange}
        onClick={clear}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
      </button>
    </div>
  )
}
