import { useRef } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { type MarketRow, TIMEFRAMES, type Timeframe } from '../../market/protocol.ts'
import { Age } from '../../pieces/age.tsx'
import { Change, toneOf } from '../../pieces/change.tsx'
import { memo } from '../../pieces/memo.tsx'
import { Monogram } from '../../pieces/monogram.tsx'
import { Score } from '../../pieces/score.tsx'
import { Shape } from '../../pieces/shape.tsx'
import { Star } from '../../pieces/star.tsx'
import { coinPath } from '../../routing/route.ts'
import { screen } from './screen.ts'

interface CoinRowProps {
  row: MarketRow
  /** From 0, among all that the view shows. */
  index: number
  horizon: Timeframe
  isActive: boolean
  topPx: number
}

/**
 * A coin in one line: what it costs, where it went, and what the four horizons say. Its parts are called and not mounted: while
 * the reader scrolls, rows are drawn by the hundred.
 */
export const CoinRow = memo(({ row, index, horizon, isActive, topPx }: CoinRowProps) => {
  const { price, percent, amount, whole } = figures.value
  const { changePct, signals } = row
  const flash = useFlash(row)
  const change = (name: string, span: keyof typeof changePct) => (
    <div class={`cell cell-${name} ${toneOf(changePct[span])}`} role="gridcell">
      {percent(changePct[span])}
    </div>
  )
  return (
    <div
      id={rowId(index)}
      class={isActive ? 'coin-row coin-active' : 'coin-row'}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      <div class="cell cell-star" role="gridcell">
        {Star({ coinId: row.coinId, name: row.name, tabIndex: -1 })}
      </div>
      <div class="cell cell-rank" role="gridcell">
        {whole(row.rank)}
      </div>
      {coinCell(row)}
      <div class={`cell cell-price ${flash}`} role="gridcell">
        {price(row.priceUsd)}
        {screen.value === 'phone' && Change({ percent: changePct['24h'] })}
      </div>
      {change('hour', '1h')}
      {change('day', '24h')}
      {change('week', '7d')}
      {screen.value === 'wide' && change('month', '30d')}
      <div class="cell cell-shape" role="gridcell">
        {Shape({ points: row.shape7d, changed: changePct['7d'] })}
      </div>
      <div class="cell cell-cap" role="gridcell">
        {amount(row.marketCapUsd)}
      </div>
      <div class="cell cell-volume" role="gridcell">
        {amount(row.volumeUsd24h)}
      </div>
      {TIMEFRAMES.map((each) => (
        <div key={each} class={each === horizon ? 'cell cell-score cell-chosen' : 'cell cell-score'} role="gridcell">
          {signals === null ? '–' : Score(signals[each])}
        </div>
      ))}
      {signalCell(row, horizon)}
      <div class="cell cell-age" role="gridcell">
        <Age at={row.observedAt} />
      </div>
    </div>
  )
})

export const rowId = (index: number) => `coin-row-${index}`

const coinCell = ({ coinId, symbol, name, rank, observedAt }: MarketRow) => (
  <div class="cell cell-coin" role="gridcell">
    {Monogram({ coinId, name })}
    <a href={coinPath(coinId)} tabIndex={-1} class="coin-link" title={name}>
      <span class="coin-name">{name}</span>
      <span class="coin-symbol">
        {screen.value === 'phone' && rank !== null ? `${rank} · ` : ''}
        {symbol.toUpperCase()}
        {screen.value === 'phone' && (
          <>
            {' · '}
            <Age at={observedAt} />
          </>
        )}
      </span>
    </a>
  </div>
)

/** What the chosen horizon recommends, and how sure it is. */
function signalCell({ signals }: MarketRow, horizon: Timeframe) {
  const { market, actions, unsure } = words.value
  const score = signals?.[horizon]
  if (score === undefined || score.insufficientData)
    return (
      <div class="cell cell-signal" role="gridcell" data-action="NONE">
        {score === undefined ? market.unscored : unsure}
      </div>
    )
  const share = figures.value.share(score.confidence)
  return (
    <div class="cell cell-signal" role="gridcell" data-action={score.action}>
      <span class="signal-word">{actions[score.action]}</span>
      <span class="signal-sure" style={{ '--share': share.replace(' ', '') }} title={market.confident(share)}>
        {share}
      </span>
    </div>
  )
}

/** The class of a price that just rose or fell. Two names take turns, so that the next change begins the motion anew. */
function useFlash({ coinId, priceUsd }: MarketRow): string {
  const last = useRef({ coinId, priceUsd, name: '', turn: 0 })
  const { current } = last
  if (current.coinId !== coinId) last.current = { coinId, priceUsd, name: '', turn: 0 }
  else if (current.priceUsd !== priceUsd && current.priceUsd !== null && priceUsd !== null) {
    const turn = 1 - current.turn
    last.current = { coinId, priceUsd, name: `${priceUsd > current.priceUsd ? 'rose' : 'fell'}-${turn}`, turn }
  }
  return last.current.name
}
