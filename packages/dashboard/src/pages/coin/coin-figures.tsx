import './coin-figures.css'
import type { ComponentChildren } from 'preact'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Panel } from '../../pieces/panel.tsx'
import type { Coin } from './detail.ts'
import { placeBetween } from './series.ts'

/** How large a coin is, and between which prices it traded today. */
export function CoinFigures({ coin }: { coin: Coin }) {
  const { coin: text } = words.value
  const { amount, whole, ratio } = figures.value
  const { marketCapUsd, volumeUsd24h } = coin
  const turnover =
    marketCapUsd !== null && marketCapUsd > 0 && volumeUsd24h !== null ? volumeUsd24h / marketCapUsd : null
  return (
    <Panel class="coin-figures" title={text.figures}>
      <DayRange coin={coin} />
      <dl>
        <Figure name={text.marketCap}>{amount(marketCapUsd)}</Figure>
        <Figure name={text.volume}>{amount(volumeUsd24h)}</Figure>
        <Figure name={text.turnover}>{ratio(turnover)}</Figure>
        <Figure name={text.supply}>
          {/* Sources say 0 of what they do not know. */}
          {(coin.circulatingSupply ?? 0) === 0 ? '–' : `${whole(coin.circulatingSupply)} ${coin.symbol.toUpperCase()}`}
        </Figure>
      </dl>
    </Panel>
  )
}

function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="coin-figure">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Where the price stands between the lowest and the highest of the day. */
function DayRange({ coin }: { coin: Coin }) {
  const { coin: text } = words.value
  const { price } = figures.value
  const place = placeBetween(coin.low24hUsd, coin.high24hUsd, coin.priceUsd)
  return (
    <div class="day-range">
      <p class="small dim">{text.range}</p>
      <div class="day-range-track" data-known={place !== null} aria-hidden="true">
        {place !== null && <span style={{ left: `${100 * place}%` }} />}
      </div>
      <dl>
        <div>
          <dt class="unseen">{text.low}</dt>
          <dd>{price(coin.low24hUsd)}</dd>
        </div>
        <div>
          <dt class="unseen">{text.high}</dt>
          <dd>{price(coin.high24hUsd)}</dd>
        </div>
      </dl>
    </div>
  )
}
