import './coin-page.css'
import { ApiError } from '@crypto-signals/client'
import { useEffect, useRef } from 'preact/hooks'
import { api } from '../../api.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { ask, followedCoin } from '../../market/market.ts'
import type { MarketRow } from '../../market/protocol.ts'
import { LoadedView, useLoaded } from '../../pieces/loaded.tsx'
import { Notice, Panel } from '../../pieces/panel.tsx'
import { PATHS } from '../../routing/route.ts'
import { useReach } from '../market/sweep.ts'
import { CoinFigures } from './coin-figures.tsx'
import { CoinSources } from './coin-sources.tsx'
import type { Coin, Signals } from './detail.ts'
import { Horizons } from './horizons.tsx'
import { PricePanel } from './price-panel.tsx'
import { Profile } from './profile.tsx'
import { ScorePanel } from './score-panel.tsx'

/** All that is known of one coin. */
export function CoinPage({ coinId }: { coinId: string }) {
  const row = useRow(coinId)
  const loaded = useLoaded({ key: coinId, ask: () => detailOf(coinId), everyMs: ASKED_MS })
  const { data, again } = loaded
  const isBehind = data !== null && row !== null && (row.signals?.updatedAt ?? '') > (data.signals?.updatedAt ?? '')
  useEffect(() => {
    if (!isBehind) return
    const timer = setTimeout(again, CALM_MS)
    return () => clearTimeout(timer)
  }, [isBehind, again])
  const name = data?.coin?.name ?? row?.name ?? coinId
  useEffect(() => {
    document.title = `${name} · Crypto Signals`
  }, [name])
  if (data === null && loaded.error === null) return <Coming />
  return (
    <LoadedView loaded={loaded}>
      {({ coin, signals }) =>
        coin === null ? (
          <UnknownCoin coinId={coinId} again={again} />
        ) : (
          <Known coin={coin} signals={signals} row={row} />
        )
      }
    </LoadedView>
  )
}

/** Reasons and sources come by question; the price and the scores of the moment come by themselves. */
const ASKED_MS = 30_000
/** A busy coin is scored anew every few seconds; its reasons need not be read so often. */
const CALM_MS = 2_000

function Known({ coin, signals, row }: { coin: Coin; signals: Signals | null; row: MarketRow | null }) {
  const now = freshest(coin, row)
  return (
    <article class="coin">
      <Profile coin={now} />
      <div class="coin-main">
        <PricePanel
          coinId={now.coinId}
          price={now.priceUsd}
          observedAt={now.observedAt}
          changePct={now.changePct}
          shape7d={row?.shape7d ?? null}
        />
        <CoinFigures coin={now} />
      </div>
      {signals === null ? <Unscored /> : <Horizons signals={signals} />}
      <div class="coin-main">
        <ScorePanel coinId={now.coinId} row={row} />
        <CoinSources coin={now} />
      </div>
    </article>
  )
}

/** The coin as asked for, with what is newer in the row that came by itself. */
function freshest(coin: Coin, row: MarketRow | null): Coin {
  if (row === null || row.observedAt <= coin.observedAt) return coin
  const { priceUsd, marketCapUsd, volumeUsd24h, source, observedAt } = row
  const changePct = { ...coin.changePct, ...row.changePct }
  return { ...coin, priceUsd, marketCapUsd, volumeUsd24h, source, observedAt, changePct }
}

/** The coin's row as the market changes, null until it is told. */
function useRow(coinId: string): MarketRow | null {
  useEffect(() => {
    ask({ ask: 'coin', coinId })
    return () => ask({ ask: 'coin', coinId: null })
  }, [coinId])
  return followedCoin.value?.coinId === coinId ? followedCoin.value.row : null
}

async function detailOf(coinId: string): Promise<{ coin: Coin | null; signals: Signals | null }> {
  const [coin, signals] = await Promise.all([known(api.coins.get(coinId)), known(api.signals.ofCoin(coinId))])
  return { coin, signals }
}

/** What is asked for, or null where there is no such thing. */
async function known<T>(asked: Promise<{ data: T }>): Promise<T | null> {
  try {
    const { data } = await asked
    return data
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

function Coming() {
  return (
    <div class="coin coin-coming" role="status" aria-label={words.value.loading.loading}>
      <span />
      <span />
      <span />
    </div>
  )
}

function Unscored() {
  const { coin } = words.value
  return (
    <Panel title={coin.horizons}>
      <Notice title={coin.unscored}>
        <p>{coin.unscoredWhy}</p>
      </Notice>
    </Panel>
  )
}

/** During the first sweep nobody knows yet whether there is such a coin. */
function UnknownCoin({ coinId, again }: { coinId: string; again: () => void }) {
  const { coin, market, shell } = words.value
  const { whole } = figures.value
  const { reach, isOver, error } = useReach()
  const isSweeping = useRef(false)
  useEffect(() => {
    // It may have come since it was asked for.
    if (isSweeping.current && isOver) again()
    isSweeping.current = reach !== undefined && !isOver
  }, [reach, isOver, again])
  if (reach === undefined && error === null) return <Coming />
  if (reach !== undefined && !isOver)
    return (
      <Notice title={coin.notYet(coinId)}>
        <p>{reach.listed === 0 ? market.sweepSoon : coin.notYetWhy(whole(reach.scored), whole(reach.listed))}</p>
      </Notice>
    )
  return (
    <Notice title={coin.unknown(coinId)}>
      <p>{coin.unknownWhy}</p>
      <a class="button coin-to-market" href={PATHS.market}>
        {shell.toMarket}
      </a>
    </Notice>
  )
}
