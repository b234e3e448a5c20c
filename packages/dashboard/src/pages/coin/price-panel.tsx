import './price-panel.css'
import { useMemo, useState } from 'preact/hooks'
import { api } from '../../api.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { MarketRow } from '../../market/protocol.ts'
import { now } from '../../pieces/age.tsx'
import { Change } from '../../pieces/change.tsx'
import { Lines, useLoaded } from '../../pieces/loaded.tsx'
import { Notice, Panel } from '../../pieces/panel.tsx'
import { Segmented } from '../../pieces/segmented.tsx'
import { Shape } from '../../pieces/shape.tsx'
import type { Coin } from './detail.ts'
import { moments } from './moment.ts'
import { Plot } from './plot.tsx'
import { pricePlot } from './price-plot.ts'
import {
  barsOver,
  type Course,
  changeOf,
  changeOver,
  courseOf,
  LEAST_POINTS,
  SPAN_BARS,
  SPANS,
  type Span,
} from './series.ts'

interface PricePanelProps {
  coinId: string
  price: number | null
  observedAt: string
  /** By which the sources say that it changed over each span, percent. */
  changePct: Coin['changePct']
  shape7d: MarketRow['shape7d']
}

/** The course of the price, to be read with the cursor. */
export function PricePanel({ coinId, price, observedAt, changePct, shape7d }: PricePanelProps) {
  const { coin } = words.value
  const [span, setSpan] = useState<Span>('7d')
  const { interval } = SPAN_BARS[span]
  const { data, error } = useLoaded({
    key: `${coinId} ${interval}`,
    ask: () => barsOver(span, Date.now(), (each) => api.coins.bars(coinId, { interval: each })),
    everyMs: ASKED_MS[interval],
  })
  const minute = Math.floor(now.value / 60_000)
  const course = useMemo(() => {
    if (data === null) return null
    const live = price === null ? null : { price, atMs: Date.parse(observedAt) }
    return courseOf(data, span, Math.max(Date.now(), live?.atMs ?? 0), live)
    // A minute later the span begins a minute later.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [data, span, price, observedAt, minute])
  return (
    <Panel
      class="price-panel"
      title={coin.chart}
      aside={
        <Segmented
          label={coin.span}
          value={span}
          options={SPANS.map((value) => ({ value, text: coin.spans[value] }))}
          choose={setSpan}
        />
      }
    >
      {course === null && error === null && <Lines count={8} />}
      {course === null && error !== null && (
        <Notice title={words.value.loading.failed}>{words.value.loading.failedWhy}</Notice>
      )}
      {course !== null && course.times.length >= LEAST_POINTS && (
        <CoursePlot course={course} span={span} changed={changePct[span]} />
      )}
      {course !== null && course.times.length < LEAST_POINTS && (
        <Gathering shape7d={span === '7d' ? shape7d : null} changed={changePct['7d']} />
      )}
    </Panel>
  )
}

/** From one question for bars to the next, ms. The last point follows the live price meanwhile. */
const ASKED_MS = { '5m': 60_000, '1h': 120_000, '1d': 600_000 } as const

/** `changed` is what the sources say of the span, percent. */
function CoursePlot({ course, span, changed }: { course: Course; span: Span; changed: number | null }) {
  const { coin } = words.value
  const { price, percent } = figures.value
  const [read, setRead] = useState<number | null>(null)
  const at = Math.min(read ?? course.prices.length - 1, course.prices.length - 1)
  const change = changeOver(course, span, changed)
  const rose = (change ?? 0) >= 0
  const data = useMemo(() => [course.times, course.prices] as [number[], number[]], [course])
  const { full, date } = moments.value
  const [first = null] = course.prices
  const last = course.prices.at(-1) ?? null
  return (
    <>
      <p class="price-read" aria-hidden="true">
        <strong>{price(course.prices[at] ?? null)}</strong>
        <Change percent={read === null ? change : changeOf([first ?? 0, course.prices[at] ?? 0])} />
        <span class="faint">{(span === '30d' || span === '1y' ? date : full)(course.times[at] ?? 0)}</span>
      </p>
      <Plot
        data={data}
        look={`${span} ${rose}`}
        height={288}
        label={coin.chartLabel(coin.spans[span], price(first), price(last), percent(change))}
        options={(colours) => pricePlot({ span, rose, read: setRead }, colours)}
      />
    </>
  )
}

/** Before bars are there the week's shape is, though not its prices. */
function Gathering({ shape7d, changed }: { shape7d: MarketRow['shape7d']; changed: number | null }) {
  const { coin } = words.value
  if (shape7d === null)
    return (
      <Notice title={coin.gathering}>
        <p>{coin.gatheringWhy}</p>
      </Notice>
    )
  return (
    <div class="price-shape">
      <Shape points={shape7d} changed={changed} width={800} height={280} />
      <p class="faint">{coin.shapeOnly}</p>
    </div>
  )
}
