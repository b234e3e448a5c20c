import { randomOf } from '@crypto-signals/testing'
import { madeUpRows, type Row } from '../market-rows.ts'

/** A recorded stretch of market: what a source answers step by step, the same for the same seed. */
export interface Tape {
  readonly steps: number
  readonly coinIds: readonly string[]
  /** Rows of /coins/markets as they are at a step. */
  rows(step: number): Row[]
  /** When a coin was last updated as of a step. */
  observedAt(step: number, coinId: string): string
}

export function createTape({ coins, steps, seed }: { coins: number; steps: number; seed: number }): Tape {
  const random = randomOf(seed)
  const first = madeUpRows(coins, seed).map((row) => ({ ...row, last_updated: instantAt(0) }))
  const frames: Row[][] = [first]
  for (let step = 1; step < steps; step++) {
    frames.push((frames[step - 1] ?? []).map((row) => (random() < ASLEEP ? row : moved(row, step, random))))
  }
  const times = frames.map((rows) => new Map(rows.map(({ id, last_updated }) => [String(id), String(last_updated)])))
  return {
    steps,
    coinIds: first.map((row) => String((row as Row).id)),
    rows: (step) => frames[step] ?? [],
    observedAt: (step, coinId) => times[step]?.get(coinId) ?? '',
  }
}

// A coin that nobody traded says the same again.
const ASLEEP = 0.2

// Long enough for a tape to reach into a second hour, in which the history of scores goes on.
const [FIRST_AT, STEP_MS] = [Date.parse('2026-01-05T00:00:00.000Z'), 10 * 60_000]
const instantAt = (step: number) => new Date(FIRST_AT + step * STEP_MS).toISOString()

/** A leap rather than a step, so that scores change sides often. */
function moved(row: Row, step: number, random: () => number): Row {
  const factor = Math.exp((random() - 0.5) * 0.8)
  const scaled = (key: string) => (typeof row[key] === 'number' ? { [key]: row[key] * factor } : {})
  const changes = Object.keys(row).filter((key) => key.startsWith('price_change_percentage_'))
  return {
    ...row,
    ...scaled('current_price'),
    ...scaled('market_cap'),
    ...scaled('total_volume'),
    ...Object.fromEntries(changes.map((key) => [key, row[key] === null ? null : (random() - 0.5) * 60])),
    last_updated: instantAt(step),
  }
}
