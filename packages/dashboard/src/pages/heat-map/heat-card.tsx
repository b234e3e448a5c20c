import './heat-card.css'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { type MarketRow, TIMEFRAMES } from '../../market/protocol.ts'
import { Age } from '../../pieces/age.tsx'
import { Change } from '../../pieces/change.tsx'
import { Monogram } from '../../pieces/monogram.tsx'
import { Score } from '../../pieces/score.tsx'
import { Shape } from '../../pieces/shape.tsx'
import { horizon } from '../../preferences.ts'
import type { Box, Tile } from './tiles.ts'

/** More about the tile that is pointed at. It says nothing that the coin's page does not, so it is hidden from screen readers. */
export function HeatCard({ row, tile, box }: { row: MarketRow; tile: Tile; box: Box }) {
  const { heatMap, timeframes } = words.value
  const { price, amount, whole } = figures.value
  return (
    <div class="heat-card" style={placeOf(tile, box)} aria-hidden="true">
      <div class="heat-card-head">
        <Monogram coinId={row.coinId} name={row.name} />
        <div class="heat-card-name">
          <strong>{row.name}</strong>
          <span class="faint">
            {row.symbol.toUpperCase()}
            {row.rank !== null && ` · #${whole(row.rank)}`}
          </span>
        </div>
        <Shape points={row.shape7d} changed={row.changePct['7d']} width={84} height={30} />
      </div>
      <div class="heat-card-price">
        <span>{price(row.priceUsd)}</span>
        <Change percent={row.changePct['24h']} />
        <Age at={row.observedAt} ago />
      </div>
      {row.signals === null ? (
        <p class="faint">{heatMap.unscored}</p>
      ) : (
        <ul class="heat-card-scores">
          {TIMEFRAMES.map((timeframe) => (
            <li key={timeframe} aria-current={timeframe === horizon.value}>
              <span>{timeframes[timeframe]}</span>
              {row.signals !== null && <Score {...row.signals[timeframe]} as="full" />}
            </li>
          ))}
        </ul>
      )}
      <dl class="heat-card-figures">
        <div>
          <dt>{heatMap.table.marketCap}</dt>
          <dd>{amount(row.marketCapUsd)}</dd>
        </div>
        {(['1h', '7d', '30d'] as const).map((span) => (
          <div key={span}>
            <dt>{heatMap.spans[span]}</dt>
            <dd>
              <Change percent={row.changePct[span]} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

const WIDTH = 292
const HEIGHT = 262
const GAP = 10

/** Beside the tile, on the side where there is room, and within the map as far as it can be. */
function placeOf(tile: Tile, box: Box): { left: string; top: string } {
  const isRight = tile.x + tile.width + GAP + WIDTH <= box.width
  const beside = isRight ? tile.x + tile.width + GAP : tile.x - GAP - WIDTH
  // A tile as wide as the map leaves room only upon itself.
  const left = Math.min(Math.max(GAP, beside), Math.max(GAP, box.width - WIDTH - GAP))
  const top = Math.min(Math.max(GAP, tile.y), Math.max(GAP, box.height - HEIGHT - GAP))
  return { left: `${left}px`, top: `${top}px` }
}
