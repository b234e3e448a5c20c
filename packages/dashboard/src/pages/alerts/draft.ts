import type { AlertRequest } from '@crypto-signals/client'
import type { AlertType } from '../../alerts/condition.ts'
import type { MarketRow, Timeframe } from '../../market/protocol.ts'

export const KINDS = ['price', 'change', 'score', 'action', 'strong'] as const
type Kind = (typeof KINDS)[number]

const HOUR_MS = 3_600_000
/** The least time between two firings, by name. */
export const COOLDOWNS = { none: 0, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
export type Cooldown = keyof typeof COOLDOWNS

/** An alert as it stands in the form. */
export interface Draft {
  coinId: string | null
  kind: Kind
  direction: 'above' | 'below'
  /** As typed. */
  threshold: string
  /** The surest one without any. */
  timeframe: Timeframe | ''
  cooldown: Cooldown
}

export const EMPTY: Draft = {
  coinId: null,
  kind: 'price',
  direction: 'above',
  threshold: '',
  timeframe: '',
  cooldown: 'none',
}

export interface Faults {
  coin?: 'coin'
  threshold?: 'number' | 'price' | 'change' | 'score'
}

// The bounds of the API.
const BOUNDS = {
  price: (value: number) => value > 0 && value <= 1e15,
  change: (value: number) => value >= -100 && value <= 1e6,
  score: (value: number) => value >= 0 && value <= 100,
} as const

/** What keeps a draft from being an alert. */
export function faultsOf({ coinId, kind, threshold }: Draft): Faults {
  const faults: Faults = coinId === null ? { coin: 'coin' } : {}
  if (!(kind in BOUNDS)) return faults
  const measured = kind as keyof typeof BOUNDS
  const value = numberIn(threshold)
  if (value === null) faults.threshold = 'number'
  else if (!BOUNDS[measured](value)) faults.threshold = measured
  return faults
}

/** The number that a reader typed, with the signs that figures are written with; null if it is none. */
export function numberIn(text: string): number | null {
  const plain = text.replace(/[\s,$%_]/g, '').replace('−', '-')
  const value = plain === '' ? Number.NaN : Number(plain)
  return Number.isFinite(value) ? value : null
}

/** The alert that a draft without faults asks for. */
export function requestOf(draft: Draft): AlertRequest {
  const { coinId, kind, direction, threshold, timeframe, cooldown } = draft
  const settings = {
    ...(kind in BOUNDS ? { threshold: numberIn(threshold) ?? 0 } : {}),
    ...(timeframe === '' || kind === 'price' ? {} : { timeframe }),
    ...(cooldown === 'none' ? {} : { cooldownMs: COOLDOWNS[cooldown] }),
  }
  return { coinId: coinId ?? '', alertType: typeOf(kind, direction), settings } as AlertRequest
}

const typeOf = (kind: Kind, direction: Draft['direction']): AlertType =>
  kind === 'action' ? 'action_changed' : kind === 'strong' ? 'strong_signal' : `${kind}_${direction}`

/** A threshold to begin with, as a button offers it. */
export interface Offer {
  text: string
  threshold: string
  direction: Draft['direction']
}

/** Thresholds that many will want, most bearish first. Those of a price lie around what it is now. */
export function offersOf({ kind }: Draft, row: MarketRow | undefined): Offer[] {
  if (kind === 'score') return SCORES.map((score) => offer(String(score), score, score >= 50))
  if (kind === 'change') return STEPS.map((step) => offer(signed(step), step, step > 0))
  const price = row?.priceUsd ?? null
  if (kind !== 'price' || price === null || price === 0) return []
  return STEPS.map((step) => offer(signed(step), Number((price * (1 + step / 100)).toPrecision(4)), step > 0))
}

const STEPS = [-10, -5, 5, 10]
const SCORES = [20, 40, 60, 80]

const signed = (step: number) => `${step > 0 ? '+' : '−'}${Math.abs(step)}%`

const offer = (text: string, threshold: number, isAbove: boolean): Offer => ({
  text,
  threshold: plainly(threshold),
  direction: isAbove ? 'above' : 'below',
})

/** Without an exponent, however small: what a reader can go on typing at. */
const plainly = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 6, useGrouping: false })
