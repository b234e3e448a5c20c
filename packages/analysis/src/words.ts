/** A size in percent, without its sign: `5.0 %`, `12.3k %`. */
export function percent(value: number): string {
  const size = Math.abs(value)
  return `${size < 1000 ? size.toFixed(1) : compact(size)} %`
}

export const usd = (value: number): string => (value > 0 && value < 0.01 ? '<$0.01' : `$${compact(value)}`)

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** An amount in a few characters: `1.5k`, `390.0B`, `2.0e+20`. */
function compact(value: number): string {
  if (value >= 1e15) return value.toExponential(1)
  const unit = UNITS.find(({ from }) => value >= from)
  if (unit !== undefined) return `${(value / unit.from).toFixed(1)}${unit.name}`
  return value.toFixed(value < 10 ? 2 : 0)
}

const UNITS = [
  { from: 1e12, name: 'T' },
  { from: 1e9, name: 'B' },
  { from: 1e6, name: 'M' },
  { from: 1e3, name: 'k' },
]
