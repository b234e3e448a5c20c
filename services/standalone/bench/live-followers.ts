import { createHash } from 'node:crypto'
import type { MarketRow, StreamMessage } from '@crypto-signals/contracts'

/** Holds what a stream's messages tell, as a caller would. */
export interface Follower {
  /** The id of the last message that had one. */
  readonly id: string | undefined
  readonly resets: number
  /** Takes whole messages of a text/event-stream, chunked or not. */
  take(text: string): void
  /** Of all rows held. */
  hash(): string
}

export function createFollower(): Follower {
  const rows = new Map<string, MarketRow>()
  let [id, resets]: [string | undefined, number] = [undefined, 0]
  const apply = ({ event, data }: StreamMessage) => {
    if (event === 'reset') {
      rows.clear()
      resets++
    }
    if (event !== 'changes') return
    for (const row of data.rows) rows.set(row.coinId, row)
    for (const coinId of data.left) rows.delete(coinId)
  }
  return {
    get id() {
      return id
    },
    get resets() {
      return resets
    },
    take(text) {
      for (const block of text.split('\n\n')) {
        const [, given] = /^id: (.*)$/m.exec(block) ?? []
        const [, event, data = ''] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? []
        if (event !== undefined) apply({ event, data: JSON.parse(data) } as StreamMessage)
        id = given ?? id
      }
    },
    hash: () => hashOf([...rows.values()].map((row) => JSON.stringify(row))),
  }
}

/** The same for the same lines in any order. */
export const hashOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url')
