import './heat-map-page.css'
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { ask, connection, largest } from '../../market/market.ts'
import type { Action, MarketRow } from '../../market/protocol.ts'
import { Notice } from '../../pieces/panel.tsx'
import { Segmented } from '../../pieces/segmented.tsx'
import { horizon } from '../../preferences.ts'
import { HeatLegend } from './heat-legend.tsx'
import { HeatList } from './heat-list.tsx'
import { HeatMap } from './heat-map.tsx'
import { SCALES, type Scale } from './tiles.ts'

const COUNTS = ['100', '250', '500'] as const
const FORMS = ['map', 'list'] as const

// Kept while the reader looks at a coin and comes back.
const count = signal<(typeof COUNTS)[number]>(matchMedia('(max-width: 720px)').matches ? '100' : '250')
const scale = signal<Scale>('root')
const form = signal<(typeof FORMS)[number]>('map')
/** The action that alone is lit; null lights all. */
const lit = signal<Action | null>(null)

/** The largest coins at one glance: area by market cap, colour by the score of the chosen horizon. */
export function HeatMapPage() {
  const { heatMap, timeframes } = words.value
  useEffect(() => {
    document.title = `${heatMap.title} · Crypto Signals`
  }, [heatMap])
  const rows = useLargest(Number(count.value))
  const shown = figures.value.whole(rows.length || Number(count.value))
  return (
    <div class="heat-page">
      <div class="page-head">
        <div>
          <h1>{heatMap.title}</h1>
          <p>{heatMap.lead(shown, timeframes[horizon.value])}</p>
        </div>
        <Controls />
      </div>
      {rows.length === 0 ? (
        <Absent />
      ) : (
        <>
          <HeatLegend rows={rows} lit={lit} />
          {form.value === 'map' ? (
            <HeatMap rows={rows} scale={scale.value} lit={lit.value} />
          ) : (
            <HeatList rows={rows} lit={lit.value} />
          )}
        </>
      )}
    </div>
  )
}

function Controls() {
  const { heatMap } = words.value
  return (
    <div class="heat-controls">
      {form.value === 'map' && (
        <Segmented
          label={heatMap.scale}
          value={scale.value}
          options={SCALES.map((value) => ({ value, text: heatMap.scales[value] }))}
          choose={(value) => {
            scale.value = value
          }}
        />
      )}
      <Segmented
        label={heatMap.count}
        value={count.value}
        options={COUNTS.map((value) => ({ value, text: heatMap.top(value) }))}
        choose={(value) => {
          count.value = value
        }}
      />
      <Segmented
        label={heatMap.form}
        value={form.value}
        options={FORMS.map((value) => ({ value, text: heatMap[value] }))}
        choose={(value) => {
          form.value = value
        }}
      />
    </div>
  )
}

/** The largest coins as they are, told by the worker for as long as they are looked at. */
function useLargest(coins: number): MarketRow[] {
  useEffect(() => {
    ask({ ask: 'largest', count: coins })
  }, [coins])
  useEffect(() => () => ask({ ask: 'largest', count: 0 }), [])
  const rows = largest.value
  // Until the others are there, the map keeps those it has.
  const last = useRef(rows)
  if (rows.length > 0) last.current = rows.slice(0, coins)
  return last.current
}

function Absent() {
  const { heatMap } = words.value
  if (connection.value.state === 'live')
    return (
      <Notice title={heatMap.empty}>
        <p>{heatMap.emptyWhy}</p>
      </Notice>
    )
  return (
    <div class="heat-absent" role="status" aria-label={heatMap.waiting}>
      {Array.from({ length: 15 }, (_, tile) => (
        <span key={tile} />
      ))}
    </div>
  )
}
