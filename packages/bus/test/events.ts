import type { AlertChange, Quotes } from '@crypto-signals/contracts'
import { alertOf, quoteOf } from '@crypto-signals/testing'

export const SHARED = { group: 'group', delivery: 'shared' } as const
export const EACH = { group: 'group', delivery: 'each' } as const

/** An event that lies in no partition. */
export const changeOf = (id: string): AlertChange => ({ id, change: 'created', alert: alertOf() })

/** An event of a partition. */
export const quotesOf = (id: string, partition: number): Quotes => ({ id, partition, rows: [quoteOf()] })

/** A handler that keeps the ids of what it was given. */
export function collect() {
  const ids: string[] = []
  return { ids, handle: async ({ id }: { id: string }) => void ids.push(id) }
}
