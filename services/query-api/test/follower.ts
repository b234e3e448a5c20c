import assert from 'node:assert/strict'
import type { Delta, MarketRow, StreamMessage } from '@crypto-signals/contracts'

/** A caller who holds rows and does with messages and deltas what the contract says, and no more. */
export interface Follower {
  readonly rows: Map<string, MarketRow>
  /** The id of the last message that had one. */
  readonly id: string | undefined
  readonly alerts: Set<string>
  readonly resets: number
  apply(message: StreamMessage): void
  applyDelta(delta: Pick<Delta, 'data' | 'left'>): void
}

export function createFollower(rows = new Map<string, MarketRow>(), id?: string): Follower {
  const [held, alerts] = [new Map(rows), new Set<string>()]
  let [lastId, resets, greeted] = [id, 0, false]
  const take = (changed: readonly MarketRow[], left: readonly string[]) => {
    for (const row of changed) held.set(row.coinId, row)
    for (const coinId of left) held.delete(coinId)
  }
  return {
    rows: held,
    alerts,
    get id() {
      return lastId
    },
    get resets() {
      return resets
    },
    apply({ event, id, data }) {
      assert.equal(event === 'hello', !greeted, 'hello comes first, and once')
      greeted = true
      if (id !== undefined) lastId = id
      if (event === 'reset') {
        held.clear()
        resets++
      }
      if (event === 'alert') alerts.add(data.triggerId)
      if (event !== 'changes') return
      assert.equal(id, data.more ? undefined : data.version)
      assert.ok(data.rows.length + data.left.length <= 250)
      take(data.rows, data.left)
    },
    applyDelta: ({ data, left }) => take(data, left),
  }
}
