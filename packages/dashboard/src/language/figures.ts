import type { Words } from './en.ts'

/** How figures are written in a language. A figure that is not known is a dash. */
export interface Figures {
  /** 17,203 */
  whole(value: number | null): string
  /** Dollars to some four significant digits, whatever their size: $64,210, $0.0714, $0.0₅3121. */
  price(value: number | null): string
  /** $1.27T, $310M */
  amount(value: number | null): string
  /** +4.21 %, with a sign. */
  percent(value: number | null): string
  /** A score to a whole point. */
  score(value: number | null): string
  /** 0.62 as 62 % */
  share(value: number | null): string
  dateTime(ms: number): string
}

export function createFigures(locale: string): Figures {
  const format = (options: Intl.NumberFormatOptions) => {
    const { format } = new Intl.NumberFormat(locale, options)
    return (value: number | null) => (value === null ? DASH : format(value))
  }
  const usd = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const
  const whole = format({ maximumFractionDigits: 0 })
  const large = format({ ...usd, maximumFractionDigits: 0 })
  const middle = format({ ...usd, minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const small = format({ ...usd, minimumSignificantDigits: 4, maximumSignificantDigits: 4 })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  return {
    whole,
    price(value) {
      if (value === null) return DASH
      if (value >= 10_000) return large(value)
      if (value >= 10) return middle(value)
      return value >= 0.001 || value === 0 ? small(value) : tiny(value)
    },
    amount: format({ ...usd, notation: 'compact', minimumFractionDigits: 0, maximumSignificantDigits: 3 }),
    percent: format({
      signDisplay: 'exceptZero',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      style: 'unit',
      unit: 'percent',
    }),
    score: whole,
    share: format({ style: 'percent', maximumFractionDigits: 0 }),
    dateTime: (ms) => dateTime.format(ms),
  }
}

const DASH = '–'

/** $0.0₅3121: as many zeros after the point as the small figure says, as traders write it. */
function tiny(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(3).split('e-')
  const zeros = Number(exponent) - 1
  return `$0.0${subscript(zeros)}${digits.replace('.', '')}`
}

const subscript = (value: number) =>
  [...String(value)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join('')

/** How long ago, in the coarsest unit that is not zero: 12 s, 4 min, 3 h, 2 d. */
export function ageText({ age }: Words, ageMs: number): string {
  if (ageMs < 1_000) return age.now
  if (ageMs < 60_000) return age.seconds(Math.floor(ageMs / 1_000))
  if (ageMs < 3_600_000) return age.minutes(Math.floor(ageMs / 60_000))
  if (ageMs < 86_400_000) return age.hours(Math.floor(ageMs / 3_600_000))
  return age.days(Math.floor(ageMs / 86_400_000))
}
