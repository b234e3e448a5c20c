/** A bar, by its number since the epoch. Prices are as 32-bit floats hold them. */
export interface BarRow {
  unit: number
  open: number
  high: number
  low: number
  close: number
  /** NaN where it is not known. */
  volumeUsd: number
  filled: boolean
}

export interface Tick {
  price: number
  atMs: number
  /** NaN where it is not known. */
  volumeUsd: number
}

/** A bar that may still change, with what decides how. */
export interface LiveBar extends BarRow {
  /** When its first and its last price were so; -Infinity where that is forgotten: the open then stands, the close gives way. */
  firstAtMs: number
  lastAtMs: number
  volumeAtMs: number
  /** Whether it differs from what was written. */
  changed: boolean
}

/** A bar of one price. */
export const barOf = (unit: number, { price, atMs, volumeUsd }: Tick): LiveBar => ({
  unit,
  open: price,
  high: price,
  low: price,
  close: price,
  volumeUsd,
  filled: false,
  firstAtMs: atMs,
  lastAtMs: atMs,
  volumeAtMs: Number.isNaN(volumeUsd) ? Number.NEGATIVE_INFINITY : atMs,
  changed: true,
})

/** A bar as it was stored. */
export const recalled = (row: BarRow): LiveBar => ({
  ...row,
  firstAtMs: Number.NEGATIVE_INFINITY,
  lastAtMs: Number.NEGATIVE_INFINITY,
  volumeAtMs: Number.NEGATIVE_INFINITY,
  changed: false,
})

/** Takes a price of the bar's time in. Of two of the same moment the higher counts: so their order never does. */
export function takeTick(bar: LiveBar, { price, atMs, volumeUsd }: Tick): void {
  if (price > bar.high) change(bar, 'high', price)
  if (price < bar.low) change(bar, 'low', price)
  if (atMs < bar.firstAtMs || (atMs === bar.firstAtMs && price > bar.open)) change(bar, 'open', price)
  if (atMs > bar.lastAtMs || (atMs === bar.lastAtMs && price > bar.close)) change(bar, 'close', price)
  bar.firstAtMs = Math.min(bar.firstAtMs, atMs)
  bar.lastAtMs = Math.max(bar.lastAtMs, atMs)
  if (Number.isNaN(volumeUsd)) return
  if (atMs > bar.volumeAtMs || (atMs === bar.volumeAtMs && volumeUsd > bar.volumeUsd)) {
    change(bar, 'volumeUsd', volumeUsd)
    bar.volumeAtMs = atMs
  }
}

/** Takes a stored bar of a shorter interval in, which opened at `openedAtMs`: it may have been written later than this one. */
export function takeBar(bar: LiveBar, { high, low, close }: BarRow, openedAtMs: number): void {
  if (high > bar.high) change(bar, 'high', high)
  if (low < bar.low) change(bar, 'low', low)
  if (openedAtMs < bar.lastAtMs) return
  change(bar, 'close', close)
  bar.lastAtMs = openedAtMs
}

function change(bar: LiveBar, field: 'open' | 'high' | 'low' | 'close' | 'volumeUsd', value: number): void {
  if (bar[field] === value) return
  bar[field] = value
  bar.changed = true
}
