import type { Timeframe } from '@crypto-signals/contracts'
import { HORIZONS, type TechnicalVote } from '../horizons.ts'
import { type Bollinger, bollinger } from '../indicators/bollinger.ts'
import { isFlat } from '../indicators/flat.ts'
import { type Macd, macd } from '../indicators/macd.ts'
import { sma } from '../indicators/moving-average.ts'
import { rsi } from '../indicators/rsi.ts'
import { percent } from '../words.ts'
import { type Component, clampScore } from './component.ts'

/** What the sparkline says, the same for all horizons: computed once per coin. */
export interface Technicals {
  /** From -1 (bearish) to 1 (bullish), null for an average longer than the series; null altogether when there are too few points. */
  votes: Readonly<Record<TechnicalVote, number | null>> | null
  why: string
}

/** Fewer points, and the slowest indicators would speak from their seed alone. */
export const MIN_POINTS = 35

/** Reads RSI 14, MACD 12/26/9, Bollinger 20/2 and the averages of 20 and 50 hours from an hourly sparkline, oldest first. */
export function readTechnicals(sparkline: readonly number[] | null): Technicals {
  const prices = usable(sparkline ?? [])
  if (prices.length < MIN_POINTS) return { votes: null, why: missing(sparkline, prices.length) }
  const last = prices.at(-1) as number
  const strength = rsi(prices) as number
  const trend = macd(prices) as Macd
  const bands = bollinger(prices) as Bollinger
  const gap20 = gapPct(last, bands.middle)
  const sma50 = sma(prices, 50)
  const gap50 = sma50 === null ? null : gapPct(last, sma50)
  return {
    votes: {
      rsi: Math.tanh((50 - strength) / 20),
      bollinger: Math.tanh((0.5 - bands.percentB) * 2),
      macd: Math.tanh(trend.histogram / (MACD_SCALE * widthOf(bands))),
      sma20: Math.tanh(gap20 / GAP_20_PCT),
      sma50: gap50 === null ? null : Math.tanh(gap50 / GAP_50_PCT),
    },
    why: told(strength, isFlat(trend.histogram, last) ? 0 : trend.histogram, bands.percentB, [gap20, gap50]),
  }
}

/** The technical component of a horizon: the votes in the horizon's mixture of reversal and trend. */
export function technicalComponent({ votes, why }: Technicals, horizon: Timeframe): Component {
  if (votes === null) return { score: null, why }
  const weights = HORIZONS[horizon].technical
  let sum = 0
  let total = 0
  for (const name of VOTE_NAMES) {
    const vote = votes[name]
    if (vote === null) continue
    sum += weights[name] * vote
    total += weights[name]
  }
  return { score: clampScore(50 + (50 * sum) / total), why }
}

const VOTE_NAMES = ['rsi', 'bollinger', 'macd', 'sma20', 'sma50'] as const

/** A usual distance from the average of 20 and of 50 hours. */
const GAP_20_PCT = 2
const GAP_50_PCT = 4

/** A usual MACD histogram, as a share of the deviation over 20 hours. */
const MACD_SCALE = 0.25

/** Narrower bands count as this wide, as a share of the price: the jitter of a stablecoin is no trend. */
const MIN_DEVIATION = 0.001

const widthOf = ({ upper, middle }: Bollinger) => Math.max((upper - middle) / 2, MIN_DEVIATION * middle)

/** The prices above 0, as shares of the highest: no price is then too small or too large to be squared. */
function usable(sparkline: readonly number[]): number[] {
  let highest = 0
  for (const price of sparkline) if (price > highest) highest = price
  const prices: number[] = []
  for (const price of sparkline) if (price > 0) prices.push(price / highest)
  return prices
}

const gapPct = (price: number, average: number) =>
  average <= 0 || isFlat(price - average, average) ? 0 : 100 * (price / average - 1)

function told(strength: number, histogram: number, percentB: number, [gap20, gap50]: [number, number | null]): string {
  const zone = strength >= 70 ? ' (overbought)' : strength <= 30 ? ' (oversold)' : ''
  const side = histogram === 0 ? 'at' : histogram > 0 ? 'above' : 'below'
  const band = percentB >= 1 ? ', over its upper band' : percentB <= 0 ? ', under its lower band' : ''
  const [gap, hours] = gap50 === null ? [gap20, 20] : [gap50, 50]
  const place = gap === 0 ? 'at' : `${percent(gap)} ${gap > 0 ? 'above' : 'below'}`
  return `RSI ${strength.toFixed(0)}${zone}, MACD ${side} its signal, price ${place} its ${hours}-hour average${band}`
}

const missing = (sparkline: readonly number[] | null, points: number) =>
  sparkline === null ? 'No sparkline' : `Sparkline has ${points} usable points, ${MIN_POINTS} needed`
