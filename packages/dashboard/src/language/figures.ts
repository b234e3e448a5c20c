import type { Words } from './en.ts'

/** How figures are written in a language. A figure that is not known is a dash. */
export interface Figures {
  /** 17,203 */
  whole: (value: number | null) => string
  /** Dollars to some four significant digits, whatever their size: $64,210, $0.0714, $0.0₅3121. */
  price: (value: number | null) => string
  /** $1.27T, $310M */
  amount: (value: number | null) => string
  /** +4.21 %, with a sign. */
  percent: (value: number | null) => string
  /** A score to a whole point. */
  score: (value: number | null) => string
  /** Points that a part adds to a score, 12.3 */
  points: (value: number | null) => string
  /** 0.0432 as 4.3 % */
  ratio: (value: number | null) => string
  /** 0.62 as 62 % */
  share: (value: number | null) => string
  /** Figures that somebody chose, to their last digit. */
  exact: Record<'price' | 'percent' | 'score', (value: number) => string>
  dateTime: (ms: number) => string
  /** Milliseconds, to a tenth where they are few. */
  latency: (ms: number) => string
  /** 29 Nov, in the reader's way */
  day: (ms: number) => string
  /** 14:03:21 */
  time: (ms: number) => string
}

export function createFigures(locale: string): Figures {
  const format = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options)
    return (value: number | null) => (value === null ? DASH : format.format(value))
  }
  const usd = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const
  const whole = format({ maximumFractionDigits: 0 })
  const large = format({ ...usd, maximumFractionDigits: 0 })
  const middle = format({ ...usd, minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const small = format({ ...usd, minimumSignificantDigits: 4, maximumSignificantDigits: 4 })
  const amount = format({ ...usd, notation: 'compact', maximumSignificantDigits: 3, useGrouping: 'always' })
  const signed = { signDisplay: 'exceptZero', style: 'unit', unit: 'percent' } as const
  const change = format({ ...signed, minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const longChange = format({ ...signed, notation: 'compact', maximumSignificantDigits: 3 })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const fine = format({ maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  return {
    whole,
    price(value) {
      if (value === null) return DASH
      if (value >= LONG_PRICE) return amount(value)
      if (value >= 10_000) return large(value)
      if (value >= 10) return middle(value)
      return value >= 0.001 || value === 0 ? small(value) : tiny(value)
    },
    amount,
    percent: (value) => (value !== null && Math.abs(value) >= LONG_PERCENT ? longChange : change)(value),
    score: whole,
    points: format({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    ratio: format({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    share: format({ style: 'percent', maximumFractionDigits: 0 }),
    exact: {
      price: format({ ...usd, minimumFractionDigits: 0, maximumFractionDigits: 20 }),
      percent: format({ signDisplay: 'exceptZero', maximumFractionDigits: 6, style: 'unit', unit: 'percent' }),
      score: format({ maximumFractionDigits: 6 }),
    },
    dateTime: (ms) => dateTime.format(ms),
    latency: (ms) => (ms < 10 ? fine : whole)(ms),
    day: (ms) => day.format(ms),
    time: (ms) => time.format(ms),
  }
}

const DASH = '–'
// What is longer is shortened: nobody reads it to its end, and a column holds no more.
const LONG_PRICE = 10_000_000
const LONG_PERCENT = 10_000

/** $0.0₅3121: as many zeros after the point as the small figure says, as traders write it. */
function tiny(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(3).split('e-')
  const zeros = Number(exponent) - 1
  return `$0.0${subscript(zeros)}${digits.replace('.', '')}`
}

const subscript = (value: number) =>
  String(value).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)))

/** How long ago, in the coarsest unit that is not zero: 12 s, 4 min, 3 h, 2 d. */
export function ageText({ age }: Words, ageMs: number): string {
  if (ageMs < 1_000) return age.now
  if (ageMs < 60_000) return age.seconds(Math.floor(ageMs / 1_000))
  if (ageMs < 3_600_000) return age.minutes(Math.floor(ageMs / 60_000))
  if (ageMs < 86_400_000) return age.hours(Math.floor(ageMs / 3_600_000))
  return age.days(Math.floor(ageMs / 86_400_000))
}
