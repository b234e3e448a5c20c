import {
  SCORE_INTERVAL_MS,
  SCORES_KEPT,
  type ScoreInterval,
  type ScorePoint,
  TIMEFRAMES,
} from '@crypto-signals/contracts'

/**
 * Four bytes, little-endian, with the number since the epoch of the first interval; then four bytes for each interval up to the last, oldest
 * first: the score of each horizon in half points, the shortest horizon first.
 */
export type PackedScores = Uint8Array

export const NO_SCORES: PackedScores = new Uint8Array(0)

const HEADER = 4
const WIDTH = TIMEFRAMES.length

/** Too little was known for an opinion. */
const NO_OPINION = 255
/** In the first of an interval's bytes: nothing was scored. */
const NO_POINT = 254

/** The points with others put in, of which a later one replaces one of the same interval; those of the last `SCORES_KEPT` intervals stay. Throws a `RangeError` for a point at no multiple of its interval. */
export function mergeScores(old: PackedScores, points: readonly ScorePoint[], interval: ScoreInterval): PackedScores {
  const news = new Map(points.map((point) => [unitOf(point.at, interval), bytesOf(point)]))
  const held = spanOf(old)
  const end = Math.max(held.end, ...news.keys().map((unit) => unit + 1))
  if (end === 0) return NO_SCORES
  const start = Math.max(end - SCORES_KEPT[interval], Math.min(held.start, ...news.keys()))
  const packed = new Uint8Array(placeOf(end, start)).fill(NO_POINT, HEADER)
  new DataView(packed.buffer).setUint32(0, start, true)
  const from = Math.max(held.start, start)
  if (held.end > from) packed.set(slotsOf(old, held.start, { from, to: held.end }), placeOf(from, start))
  for (const [unit, bytes] of news) if (unit >= start) packed.set(bytes, placeOf(unit, start))
  return packed
}

/** The points, oldest first. */
export function pointsIn(packed: PackedScores, interval: ScoreInterval): ScorePoint[] {
  const { start, end } = spanOf(packed)
  const points: ScorePoint[] = []
  for (let unit = start; unit < end; unit++) {
    const bytes = slotsOf(packed, start, { from: unit, to: unit + 1 })
    if (bytes[0] === NO_POINT) continue
    const [SCALPING = null, DAY_TRADING = null, SWING_TRADING = null, LONG_TERM = null] = Array.from(bytes, scoreOf)
    const at = new Date(unit * SCORE_INTERVAL_MS[interval]).toISOString()
    points.push({ at, SCALPING, DAY_TRADING, SWING_TRADING, LONG_TERM })
  }
  return points
}

/** The numbers of the first interval and of the one after the last. */
function spanOf(packed: PackedScores): { start: number; end: number } {
  if (packed.length < HEADER) return { start: Number.POSITIVE_INFINITY, end: 0 }
  const start = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  return { start, end: start + Math.floor((packed.length - HEADER) / WIDTH) }
}

/** Where the bytes of an interval begin. */
const placeOf = (unit: number, start: number) => HEADER + WIDTH * (unit - start)

/** The bytes of some intervals. */
const slotsOf = (packed: PackedScores, start: number, { from, to }: { from: number; to: number }) =>
  packed.subarray(placeOf(from, start), placeOf(to, start))

function unitOf(at: string, interval: ScoreInterval): number {
  const unit = Date.parse(at) / SCORE_INTERVAL_MS[interval]
  if (!(Number.isInteger(unit) && unit >= 0 && unit < 2 ** 32)) throw new RangeError(`no interval began at ${at}`)
  return unit
}

const bytesOf = (point: ScorePoint) => TIMEFRAMES.map((timeframe) => byteOf(point[timeframe]))

const byteOf = (score: number | null) => (score === null ? NO_OPINION : Math.round(2 * score))

const scoreOf = (byte: number) => (byte === NO_OPINION ? null : byte / 2)
