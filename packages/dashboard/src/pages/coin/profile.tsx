import './profile.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Age } from '../../pieces/age.tsx'
import { Change } from '../../pieces/change.tsx'
import { Monogram } from '../../pieces/monogram.tsx'
import { starred, toggleStar } from '../../preferences.ts'
import { PATHS } from '../../routing/route.ts'
import type { Coin } from './detail.ts'

const CHANGES = ['1h', '24h', '7d', '14d', '30d', '200d', '1y'] as const

/** Which coin it is, what it costs now and how that moved. */
export function Profile({ coin }: { coin: Coin }) {
  const { coin: text } = words.value
  const { whole } = figures.value
  return (
    <header class="profile">
      <nav class="profile-trail" aria-label={text.trail}>
        <a href={PATHS.market}>{text.back}</a>
        <span aria-hidden="true">/</span>
        <span aria-current="page">{coin.name}</span>
      </nav>
      <div class="profile-title">
        <Monogram coinId={coin.coinId} name={coin.name} large />
        <div class="profile-name">
          <h1>{coin.name}</h1>
          <p>
            <span class="profile-symbol">{coin.symbol.toUpperCase()}</span>
            <span class="profile-rank">
              {coin.marketCapRank === null ? text.unranked : text.rank(whole(coin.marketCapRank))}
            </span>
          </p>
        </div>
      </div>
      <Price coin={coin} />
      <div class="profile-tools">
        <Star coinId={coin.coinId} />
        <a class="button button-primary" href={`${PATHS.alerts}?coin=${encodeURIComponent(coin.coinId)}`}>
          {text.alert}
        </a>
      </div>
      <dl class="profile-changes" aria-label={text.changes}>
        {CHANGES.map((span) => (
          <div key={span}>
            <dt>{text.changeSpans[span]}</dt>
            <dd>
              <Change percent={coin.changePct[span]} />
            </dd>
          </div>
        ))}
      </dl>
    </header>
  )
}

function Price({ coin }: { coin: Coin }) {
  const { coin: text } = words.value
  const moved = useMoved(coin.priceUsd)
  return (
    <div class="profile-price">
      <p class="profile-price-now" data-moved={moved}>
        {coin.priceUsd === null ? (
          <span class="faint">{text.unpriced}</span>
        ) : (
          <span>{figures.value.price(coin.priceUsd)}</span>
        )}
        <span class="profile-price-change">
          <Change percent={coin.changePct['24h']} />
        </span>
      </p>
      <p class="small dim">
        {text.seen} <Age at={coin.observedAt} ago />
      </p>
    </div>
  )
}

/** Where the price moved to, for as long as that is news. */
function useMoved(price: number | null): 'up' | 'down' | undefined {
  const last = useRef(price)
  const [moved, setMoved] = useState<'up' | 'down' | undefined>()
  useEffect(() => {
    const before = last.current
    last.current = price
    if (before === null || price === null || before === price) return
    setMoved(price > before ? 'up' : 'down')
    const timer = setTimeout(() => setMoved(undefined), MOVED_MS)
    return () => clearTimeout(timer)
  }, [price])
  return moved
}

const MOVED_MS = 900

function Star({ coinId }: { coinId: string }) {
  const { coin } = words.value
  const has = starred.value.has(coinId)
  return (
    <button
      type="button"
      class="button profile-star"
      aria-pressed={has}
      aria-label={coin.star}
      title={has ? coin.unstar : coin.star}
      onClick={() => toggleStar(coinId)}
    >
      <svg viewBox="0 0 20 20" width="17" height="17" aria-hidden="true">
        <path
          d="M10 2.2l2.4 4.9 5.4.8-3.9 3.8.9 5.4-4.8-2.6-4.8 2.6.9-5.4L2.2 7.9l5.4-.8z"
          fill={has ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
        />
      </svg>
    </button>
  )
}
