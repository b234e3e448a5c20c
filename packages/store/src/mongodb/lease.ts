import { randomUUID } from 'node:crypto'
import type { Collection } from 'mongodb'
import { call, WITHIN } from './call.ts'

/** What the database says of itself: how many migrations it has seen, and who is at work on them. */
export interface SchemaDoc {
  _id: 'schema'
  version: number
  /** Until when its holder may work, in ms by the server's clock; it passes by itself if the holder dies. */
  lease: { owner: string; until: number } | null
}

export interface Lease extends AsyncDisposable {
  /** Counts one more migration as done; false when the lease was lost and another has taken over. */
  stepTo(version: number): Promise<boolean>
}

/** The right to change the schema, renewed until it is disposed of; null while another process has it. */
export async function takeLease(schema: Collection<SchemaDoc>, leaseMs: number): Promise<Lease | null> {
  const owner = randomUUID()
  const isFree = { $lt: [{ $ifNull: ['$lease.until', 0] }, SERVER_TIME_MS] }
  const mine = { owner, until: { $add: [SERVER_TIME_MS, leaseMs] } }
  const taken = await call(() =>
    schema.findOneAndUpdate({ _id: 'schema' }, [{ $set: { lease: { $cond: [isFree, mine, '$lease'] } } }], {
      returnDocument: 'after',
      ...WITHIN,
    }),
  )
  if (taken?.lease?.owner !== owner) return null

  const held = { _id: 'schema', 'lease.owner': owner } as const
  const renew = () => schema.updateOne(held, [{ $set: { lease: mine } }], WITHIN).catch(() => {})
  const renewal = setInterval(renew, leaseMs / 3)
  return {
    stepTo: async (version) => {
      const next = { ...held, version: version - 1 }
      return (await call(() => schema.updateOne(next, { $set: { version } }, WITHIN))).matchedCount === 1
    },
    async [Symbol.asyncDispose]() {
      clearInterval(renewal)
      // If this fails, the lease passes by itself.
      await call(() => schema.updateOne(held, { $set: { lease: null } }, WITHIN)).catch(() => {})
    },
  }
}

// As a number: the clocks of two replicas may differ, that of the server is one.
const SERVER_TIME_MS = { $toLong: '$$NOW' }
