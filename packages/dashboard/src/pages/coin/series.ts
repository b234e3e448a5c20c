import type { BarsList, ScorePoint } from '@crypto-signals/client'

/** How far back a plot of prices goes. */
export const SPANS = ['24h', '7d', '30d', '1y'] as const
export type Span = (typeof SPANS)[number]

type Interval = BarsList['interval']

/** Which bars a span is drawn from, and which ones while those of it tell of less than half the span. */
export const SPAN_BARS: Readonly<Record<Span, { interval: Interval; coarser?: Interval; ms: number }>> = {
  '24h': { interval: '5m', coarser: '1h', ms: 86_400_000 },
  '7d': { interval: '1h', ms: 7 * 86_400_000 },
  '30d': { interval: '1d', ms: 30 * 86_400_000 },
  '1y': { interval: '1d', ms: 365 * 86_400_000 },
}

/** A price at a moment: seconds since the epoch, and dollars. */
export interface Course {
  times: number[]
  prices: number[]
}

/** Bars of one interval, oldest first. */
export type Bars = Pick<BarsList, 'data' | 'interval'>

/** The bars that a span is drawn from: the finer ones, unless they begin late in it and the coarser before them. */
export async function barsOver(span: Span, nowMs: number, ask: (interval: Interval) => Promise<Bars>): Promise<Bars> {
  const { interval, coarser, ms } = SPAN_BARS[span]
  const fine = await ask(interval)
  if (coarser === undefined || beginOf(fine) <= nowMs - ms / 2) return fine
  const coarse = await ask(coarser)
  return beginOf(coarse) < beginOf(fine) ? coarse : fine
}

const beginOf = ({ data: [first] }: Bars) =>
  first === undefined ? Number.POSITIVE_INFINITY : Date.parse(first.openedAt)

/**
 * The closes of the bars within the span before `nowMs`, oldest first, and the live price behind them. Each close stands where its bar
 * ends, so that a line through them does not run ahead. Of a bar that had begun before the span, what it lets guess begins the line:
 * it goes straight from open to close.
 */
export function courseOf(
  { data: bars, interval }: Bars,
  span: Span,
  nowMs: number,
  live: { price: number; atMs: number } | null,
): Course {
  const course: Course = { times: [], prices: [] }
  const { ms } = SPAN_BARS[span]
  const beginMs = nowMs - ms
  for (const { openedAt, open, close } of bars) {
    const openedMs = Date.parse(openedAt)
    const endMs = openedMs + BAR_MS[interval]
    if (endMs <= beginMs || endMs > nowMs) continue
    if (openedMs < beginMs) append(course, beginMs, open + ((close - open) * (beginMs - openedMs)) / BAR_MS[interval])
    append(course, endMs, close)
  }
  const going = bars.at(-1)
  if (live !== null) append(course, live.atMs, live.price)
  else if (going !== undefined) append(course, nowMs, going.close)
  return course
}

const BAR_MS = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const

function append({ times, prices }: Course, atMs: number, price: number): void {
  if (atMs / 1_000 <= (times.at(-1) ?? 0)) return
  times.push(atMs / 1_000)
  prices.push(price)
}

/** Fewer points are no line worth drawing. */
export const LEAST_POINTS = 3

/** The places of the lowest and highest values; of equals the first. */
export function extremesOf(values: readonly number[]): { low: number; high: number } {
  let [low, high] = [0, 0]
  for (const [i, value] of values.entries()) {
    if (value < (values[low] as number)) low = i
    if (value > (values[high] as number)) high = i
  }
  return { low, high }
}

/** By how many percent the last differs from the first; null where that has no meaning. */
export function changeOf(values: readonly number[]): number | null {
  const [first, last] = [values[0], values.at(-1)]
  return first === undefined || last === undefined || first <= 0 ? null : 100 * (last / first - 1)
}

/** The change that sources say of a span, if the course tells of all of it; else the course's own. Percent; null where neither is known. */
export function changeOver({ times, prices }: Course, span: Span, said: number | null): number | null {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const tellsAll = (last - first) * 1_000 >= SPAN_BARS[span].ms * NEARLY_ALL
  return (tellsAll ? said : null) ?? changeOf(prices)
}

const NEARLY_ALL = 0.95

/** Where a value lies between two others, 0 to 1; null where they leave no room or something is unknown. */
export function placeBetween(low: number | null, high: number | null, value: number | null): number | null {
  if (low === null || high === null || value === null || high <= low) return null
  return Math.min(1, Math.max(0, (value - low) / (high - low)))
}

type Timeframe = Exclude<keyof ScorePoint, 'at'>

/** Scores at moments, seconds since the epoch; null where there was no opinion. */
export interface ScoreCourse {
  times: number[]
  scores: Readonly<Record<Timeframe, (number | null)[]>>
}

/** Whether a course is long enough to be drawn: two of the intervals at which scores are remembered. */
export function isDrawable({ times }: ScoreCourse, interval: '1h' | '1d'): boolean {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  return (last - first) * 1_000 >= 2 * BAR_MS[interval]
}

/** The remembered scores, oldest first, and those of the moment behind them. */
export function scoresOf(points: readonly ScorePoint[], now: ScorePoint | null): ScoreCourse {
  const last = points.at(-1)
  const all = now === null || (last !== undefined && now.at <= last.at) ? points : [...points, now]
  const of = (timeframe: Timeframe) => all.map((point) => point[timeframe])
  return {
    times: all.map(({ at }) => Date.parse(at) / 1_000),
    scores: {
      SCALPING: of('SCALPING'),
      DAY_TRADING: of('DAY_TRADING'),
      SWING_TRADING: of('SWING_TRADING'),
      LONG_TERM: of('LONG_TERM'),
    },
  }
}
