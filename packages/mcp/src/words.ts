import type { DataSource } from '@crypto-signals/client'

/** Text from outside as one line: no control characters, and none that turn the direction of writing or hide. */
export const clean = (text: string): string => text.toWellFormed().replaceAll(SPACE, ' ').replaceAll(HIDDEN, '').trim()

const SPACE = /[\s\u2028\u2029]+/gu
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** What stands before every answer of a market that is none. */
export const sourceWords = (source: DataSource): string =>
  source === 'simulated' ? 'SIMULATED DATA, not a real market. ' : ''

/** Dollars to six significant digits. */
export const usdOf = (usd: number | null): string =>
  usd === null ? 'price unknown' : `$${usd >= 1_000 ? WHOLE.format(usd) : Number(usd.toPrecision(6))}`

export const percentOf = (percent: number | null): string =>
  percent === null ? 'unknown' : `${percent < 0 ? '' : '+'}${percent.toFixed(2)}%`

/** An age in its largest unit. */
export function ageWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** Milliseconds as the API has them in whole seconds. */
export const secondsOf = (ms: number): number => Math.round(ms / 1_000)

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
