import { badAnswer } from './api-error.ts'
import type { MarketRow, StreamMessage } from './types.ts'

/** What came with one step of the server. Applying `rows` and `left` to what was held gives what is held now, also after a reset. */
export interface LiveMarketChange {
  rows: MarketRow[]
  /** Coins that were held and are no more. */
  left: string[]
  /** Whether `rows` are all there are. */
  reset: boolean
}

/** The rows of a filter as the server had them at `version`. What belongs to a step is taken in only when all of it has come. */
export interface HeldRows {
  readonly rows: ReadonlyMap<string, MarketRow>
  readonly version: string | null
  /** These are all rows at `version`. */
  replace(rows: ReadonlyMap<string, MarketRow>, version: string): LiveMarketChange
  /** Returns what changed, when it did. */
  take(message: StreamMessage): LiveMarketChange | undefined
}

/** Ten times as many as there are coins: more of them would be no market. */
export const MAX_ROWS = 200_000

interface Step {
  /** Whether it begins from nothing. */
  fromNothing: boolean
  rows: Map<string, MarketRow>
  left: Set<string>
}

const emptyStep = (fromNothing = false): Step => ({ fromNothing, rows: new Map(), left: new Set() })

export function createHeldRows(): HeldRows {
  const held = new Map<string, MarketRow>()
  let version: string | null = null
  let step = emptyStep()

  function replace(rows: ReadonlyMap<string, MarketRow>, at: string): LiveMarketChange {
    const left = [...held.keys()].filter((coinId) => !rows.has(coinId))
    held.clear()
    for (const [coinId, row] of rows) held.set(coinId, row)
    version = at
    return { rows: [...rows.values()], left, reset: true }
  }

  function commit({ fromNothing, rows, left }: Step, at: string): LiveMarketChange | undefined {
    if (fromNothing) return replace(rows, at)
    for (const [coinId, row] of rows) held.set(coinId, row)
    const dropped = [...left].filter((coinId) => held.delete(coinId))
    version = at
    return rows.size + dropped.length > 0 ? { rows: [...rows.values()], left: dropped, reset: false } : undefined
  }

  return {
    rows: held,
    get version() {
      return version
    },
    replace,
    take({ event, data }) {
      // A new connection tells the step anew that the last one broke off in.
      if (event === 'hello') step = emptyStep()
      if (event === 'reset') step = emptyStep(true)
      if (event !== 'changes') return undefined
      add(step, data)
      if (data.more) return undefined
      const whole = step
      step = emptyStep()
      return commit(whole, data.version)
    },
  }
}

function add({ rows, left }: Step, told: { rows: MarketRow[]; left: string[] }): void {
  for (const coinId of told.left) {
    rows.delete(coinId)
    left.add(coinId)
  }
  for (const row of told.rows) {
    left.delete(row.coinId)
    rows.set(row.coinId, row)
  }
  if (rows.size + left.size > MAX_ROWS) throw badAnswer(`More than ${MAX_ROWS} rows`)
}
