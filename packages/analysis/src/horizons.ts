import type { ChangeSpan, ComponentName, Timeframe } from '@crypto-signals/contracts'

/** What the readings of the technical component are called. */
export type TechnicalVote = 'rsi' | 'bollinger' | 'macd' | 'sma20' | 'sma50'

/** How one horizon weighs what is known of a coin. All weights of a kind sum to 1. */
export interface Horizon {
  components: Readonly<Record<ComponentName, number>>
  spans: readonly (readonly [ChangeSpan, number])[]
  /** `rsi` and `bollinger` vote for a reversal of the move, the others for its going on. */
  technical: Readonly<Record<TechnicalVote, number>>
  /** An observation as old as this says little about the horizon. */
  lengthMs: number
  /** How far published evidence supports such signals, 0 to 1: the confidence is scaled by it. */
  trust: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * The four horizons. One- to three-week momentum is the best supported effect in liquid coins (two weeks most of all);
 * published intraday edges are smaller than a retail fee, hence the low trust in SCALPING; hours tend to revert, weeks
 * to go on. The seven days of the sparkline say little about LONG_TERM.
 */
export const HORIZONS: Readonly<Record<Timeframe, Horizon>> = {
  SCALPING: {
    components: { momentum: 0.45, volume: 0.15, standing: 0.05, technical: 0.35 },
    spans: [
      ['1h', 0.65],
      ['24h', 0.35],
    ],
    technical: { rsi: 0.3, bollinger: 0.25, macd: 0.25, sma20: 0.2, sma50: 0 },
    lengthMs: HOUR_MS,
    trust: 0.7,
  },
  DAY_TRADING: {
    components: { momentum: 0.45, volume: 0.2, standing: 0.05, technical: 0.3 },
    spans: [
      ['1h', 0.25],
      ['24h', 0.5],
      ['7d', 0.25],
    ],
    technical: { rsi: 0.2, bollinger: 0.15, macd: 0.25, sma20: 0.25, sma50: 0.15 },
    lengthMs: DAY_MS,
    trust: 0.8,
  },
  SWING_TRADING: {
    components: { momentum: 0.5, volume: 0.2, standing: 0.1, technical: 0.2 },
    spans: [
      ['7d', 0.35],
      ['14d', 0.4],
      ['30d', 0.25],
    ],
    technical: { rsi: 0.1, bollinger: 0.1, macd: 0.25, sma20: 0.2, sma50: 0.35 },
    lengthMs: 7 * DAY_MS,
    trust: 1,
  },
  LONG_TERM: {
    components: { momentum: 0.5, volume: 0.15, standing: 0.25, technical: 0.1 },
    spans: [
      ['30d', 0.35],
      ['200d', 0.4],
      ['1y', 0.25],
    ],
    technical: { rsi: 0.05, bollinger: 0.05, macd: 0.2, sma20: 0.2, sma50: 0.5 },
    lengthMs: 30 * DAY_MS,
    trust: 0.9,
  },
}
