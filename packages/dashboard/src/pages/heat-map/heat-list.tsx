import './heat-list.css'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { Action, MarketRow } from '../../market/protocol.ts'
import { Change } from '../../pieces/change.tsx'
import { Monogram } from '../../pieces/monogram.tsx'
import { Score } from '../../pieces/score.tsx'
import { horizon } from '../../preferences.ts'
import { coinPath } from '../../routing/route.ts'

/** The coins of the map as a table, for those to whom areas and colours say little. */
export function HeatList({ rows, lit }: { rows: readonly MarketRow[]; lit: Action | null }) {
  const { heatMap } = words.value
  const { table } = heatMap
  const seen = rows.filter(({ signals }) => lit === null || isLit(signals?.[horizon.value], lit))
  return (
    <div class="heat-list">
      <table>
        <caption class="unseen">{heatMap.title}</caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{table.coin}</th>
            <th scope="col">{table.score}</th>
            <th scope="col">{table.price}</th>
            <th scope="col">{table.change}</th>
            <th scope="col">{table.marketCap}</th>
          </tr>
        </thead>
        <tbody>
          {seen.map((row) => (
            <ListRow key={row.coinId} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ListRow({ row }: { row: MarketRow }) {
  const { price, amount, whole } = figures.value
  return (
    <tr>
      <td class="faint">{whole(row.rank)}</td>
      <th scope="row">
        <a href={coinPath(row.coinId)}>
          <Monogram coinId={row.coinId} name={row.name} />
          <span class="heat-list-name">{row.name}</span>
          <span class="faint">{row.symbol.toUpperCase()}</span>
        </a>
      </th>
      <td>
        {row.signals === null ? (
          <span class="faint">{words.value.heatMap.unscored}</span>
        ) : (
          <Score {...row.signals[horizon.value]} as="full" />
        )}
      </td>
      <td>{price(row.priceUsd)}</td>
      <td>
        <Change percent={row.changePct['24h']} />
      </td>
      <td>{amount(row.marketCapUsd)}</td>
    </tr>
  )
}

const isLit = (said: { action: Action; insufficientData: boolean } | undefined, lit: Action) =>
  said !== undefined && !said.insufficientData && said.action === lit
