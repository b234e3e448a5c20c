/** Dollars as people read them, to four or more significant digits: 80,123.45, 0.07214, 1.234e-9. */
export function priceOf(usd: number | null): string {
  if (usd === null) return UNKNOWN
  if (usd === 0) return '0'
  if (usd >= 1e9) return amountOf(usd)
  if (usd >= 1_000) return decimals(usd, 2)
  if (usd >= 1) return decimals(usd, usd >= 100 ? 2 : 4)
  return usd >= 1e-6 ? usd.toFixed(Math.min(20, 3 - Math.floor(Math.log10(usd)))) : usd.toExponential(3)
}

/** A large amount to three digits: 1.59T, 21.4B, 950K. */
export function amountOf(amount: number | null): string {
  if (amount === null) return UNKNOWN
  if (amount >= 1e15) return amount.toExponential(2)
  return COMPACT.format(amount)
}

/** A change in percent with its sign: +1.23%. */
export function percentOf(percent: number | null): string {
  if (percent === null) return UNKNOWN
  const size = Math.abs(percent)
  const shown = size >= 1e6 ? amountOf(size) : decimals(size, size >= 1_000 ? 0 : 2)
  return `${percent < 0 && Number(shown) !== 0 ? '-' : '+'}${shown}%`
}

/** A share of one as a whole percentage. */
export const shareOf = (share: number): string => `${Math.round(share * 100)}%`

/** A score, to a tenth of a point. */
export const scoreOf = (score: number | null): string => (score === null ? UNKNOWN : score.toFixed(1))

/** A count with its thousands apart. */
export const countOf = (count: number): string => decimals(count, 0)

/** How long in its largest unit: 12 s, 4 min, 3 h, 5 d. */
export function spanOf(ms: number | null): string {
  if (ms === null) return UNKNOWN
  if (ms < 1_000) return '0 s'
  const [unit, length] = UNITS.find(([, length]) => ms >= length) ?? SECOND
  return `${countOf(Math.floor(ms / length))} ${unit}`
}

/** What is shown where nothing is known. */
export const UNKNOWN = '–'

const SECOND = ['s', 1_000] as const
const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], SECOND] as const

const COMPACT = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
})

const FIXED = new Map<number, Intl.NumberFormat>()

function decimals(value: number, digits: number): string {
  let format = FIXED.get(digits)
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    FIXED.set(digits, format)
  }
  return format.format(value)
}
