import './score-panel.css'
import type { ScorePoint } from '@crypto-signals/client'
import { useMemo, useState } from 'preact/hooks'
import { api } from '../../api.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { type MarketRow, TIMEFRAMES, type Timeframe } from '../../market/protocol.ts'
import { Lines, useLoaded } from '../../pieces/loaded.tsx'
import { Notice, Panel } from '../../pieces/panel.tsx'
import { Segmented } from '../../pieces/segmented.tsx'
import { horizon } from '../../preferences.ts'
import { moments } from './moment.ts'
import { Plot } from './plot.tsx'
import { scorePlot } from './score-plot.ts'
import { isDrawable, type ScoreCourse, scoresOf } from './series.ts'

const INTERVALS = ['1h', '1d'] as const
type Interval = (typeof INTERVALS)[number]

/** What the four horizons said over time. */
export function ScorePanel({ coinId, row }: { coinId: string; row: MarketRow | null }) {
  const { coin, loading } = words.value
  const [interval, setInterval] = useState<Interval>('1h')
  const { data, error } = useLoaded({
    key: `${coinId} ${interval}`,
    ask: () => api.signals.history(coinId, { interval }),
    everyMs: ASKED_MS,
  })
  const course = useMemo(
    () => (data === null ? null : scoresOf(data.data, nowOf(row))),
    [data, row?.signals?.updatedAt],
  )
  return (
    <Panel
      class="score-panel"
      title={coin.history}
      aside={
        <Segmented
          label={coin.historySpan}
          value={interval}
          options={INTERVALS.map((value) => ({ value, text: coin.historySpans[value] }))}
          choose={setInterval}
        />
      }
    >
      {course === null && error === null && <Lines count={6} />}
      {course === null && error !== null && <Notice title={loading.failed}>{loading.failedWhy}</Notice>}
      {course !== null && !isDrawable(course, interval) && (
        <Notice title={coin.historyNone}>
          <p>{coin.historyNoneWhy[interval]}</p>
        </Notice>
      )}
      {course !== null && isDrawable(course, interval) && <ScoreLines course={course} interval={interval} />}
    </Panel>
  )
}

const ASKED_MS = 300_000

function ScoreLines({ course, interval }: { course: ScoreCourse; interval: Interval }) {
  const { coin, timeframes } = words.value
  const [hidden, setHidden] = useState<ReadonlySet<Timeframe>>(new Set())
  const [read, setRead] = useState<number | null>(null)
  const at = Math.min(read ?? course.times.length - 1, course.times.length - 1)
  const data = useMemo(
    () =>
      [course.times, ...TIMEFRAMES.map((timeframe) => course.scores[timeframe])] as [number[], ...(number | null)[][]],
    [course],
  )
  const score = (timeframe: Timeframe, index: number) => figures.value.score(course.scores[timeframe][index] ?? null)
  const now = TIMEFRAMES.map((timeframe) => `${timeframes[timeframe]} ${score(timeframe, course.times.length - 1)}`)
  const toggle = (timeframe: Timeframe) =>
    setHidden((last) =>
      last.has(timeframe) ? new Set([...last].filter((one) => one !== timeframe)) : new Set([...last, timeframe]),
    )
  return (
    <>
      <fieldset class="score-lines">
        <legend class="unseen">{coin.line}</legend>
        {TIMEFRAMES.map((timeframe, i) => (
          <button
            key={timeframe}
            type="button"
            aria-pressed={!hidden.has(timeframe)}
            data-series={i + 1}
            onClick={() => toggle(timeframe)}
          >
            <span class="score-lines-mark" aria-hidden="true" />
            {timeframes[timeframe]} <b>{score(timeframe, at)}</b>
          </button>
        ))}
        <span class="faint" aria-hidden="true">
          {(interval === '1h' ? moments.value.full : moments.value.date)(course.times[at] ?? 0)}
        </span>
      </fieldset>
      <Plot
        data={data}
        look={`${interval} ${[...hidden].join()} ${horizon.value}`}
        height={280}
        label={coin.historyLabel(coin.historySpans[interval], now.join(', '))}
        options={(colours) => scorePlot({ interval, hidden, chosen: horizon.value, read: setRead }, colours)}
      />
    </>
  )
}

/** The scores of the moment, to stand behind those that are remembered. */
function nowOf(row: MarketRow | null): ScorePoint | null {
  const signals = row?.signals
  if (signals === null || signals === undefined) return null
  const score = (timeframe: Timeframe) => (signals[timeframe].insufficientData ? null : signals[timeframe].finalScore)
  return {
    at: signals.updatedAt,
    SCALPING: score('SCALPING'),
    DAY_TRADING: score('DAY_TRADING'),
    SWING_TRADING: score('SWING_TRADING'),
    LONG_TERM: score('LONG_TERM'),
  }
}
