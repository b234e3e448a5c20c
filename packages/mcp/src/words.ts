import type { DataSource } from '@crypto-signals/client'

/** Text from outside as one line of nothing but what a person sees of it: an assistant would read the rest as well. */
export const clean = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(UNSEEN, (run, emoji?: string) => emoji ?? (/\s/.test(run) ? ' ' : ''))
    .trim()

/** The same with all its texts clean. */
export const cleaned = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_key, each) => (typeof each === 'string' ? clean(each) : each))

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

// Unseen is what Unicode says of it, so that no list has to be kept; by hand only blanks that it counts as letters and signs:
// of Khitan, Braille, hieroglyphs and of musical notes. Within an emoji that all know it joins or colours what is seen.
const UNSEEN = /(\p{RGI_Emoji})|[\u{16fe4}\u2800\u{13441}\u{13442}\u{1d159}\s\p{C}\p{Default_Ignorable_Code_Point}]+/gv
