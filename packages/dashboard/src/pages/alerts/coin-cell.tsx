import { namedCoins } from '../../market/market.ts'
import { Monogram } from '../../pieces/monogram.tsx'
import { coinPath } from '../../routing/route.ts'

/** The coin that an alert is about; its id alone until the market is there. */
export function CoinCell({ coinId }: { coinId: string }) {
  const row = namedCoins.value.get(coinId)
  return (
    <a class="coin-cell" href={coinPath(coinId)}>
      <Monogram coinId={coinId} name={row?.name ?? coinId} />
      <span class="coin-cell-names">
        <span class="coin-cell-symbol">{row?.symbol.toUpperCase() ?? coinId}</span>
        {row !== undefined && <span class="coin-cell-name">{row.name}</span>}
      </span>
    </a>
  )
}
