import type { Db, Document } from 'mongodb'
import { CALL_WINDOW_MS, LONGEST_BLOCK_MS } from '../budget-times.ts'
import type { BudgetStore, CallLimits } from '../store.ts'
import { call, isDuplicate, WITHIN } from './call.ts'

/** A document a source; a reservation is one update of it, computed by the server, so that replicas cannot overspend. */
export function budgetStore(db: Db): BudgetStore {
  const budgets = db.collection<BudgetDoc>('budgets')

  /** Repeats what found no document after making one; an upsert would race with that of another replica. */
  async function made<T>(source: string, attempt: () => Promise<T | null>): Promise<T> {
    const found = await attempt()
    if (found !== null) return found
    await budgets.insertOne({ _id: source, ...UNUSED }, WITHIN).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error
    })
    const retried = await attempt()
    if (retried === null) throw new Error(`the budget of ${source} vanishes as soon as it is made`)
    return retried
  }

  return {
    reserve: (source, now, limits, credits = 1) =>
      call(async () => {
        const options = { returnDocument: 'after', projection: { retryAt: 1 }, ...WITHIN } as const
        const update = reservation(now, limits, credits)
        const { retryAt } = await made(source, () => budgets.findOneAndUpdate({ _id: source }, update, options))
        return retryAt === null ? { granted: true } : { granted: false, retryAt }
      }),
    block: (source, until) =>
      call(async () => {
        const update = { $max: { blockedUntil: until } }
        await made(source, async () => {
          const { matchedCount } = await budgets.updateOne({ _id: source }, update, WITHIN)
          return matchedCount === 1 ? true : null
        })
      }),
    usage: async (source, now) => {
      const { calls, months, blockedUntil } = (await call(() => budgets.findOne({ _id: source }, WITHIN))) ?? UNUSED
      return {
        minuteUsed: calls.filter((at) => at > now - CALL_WINDOW_MS).length,
        monthUsed: months[monthOf(now)] ?? 0,
        blockedUntil:
          blockedUntil !== null && blockedUntil > now ? Math.min(blockedUntil, now + LONGEST_BLOCK_MS) : null,
      }
    },
  }
}

interface BudgetDoc {
  _id: string
  /** The times of the calls that still count. */
  calls: number[]
  /** Credits by month, as `2026-01`. */
  months: Record<string, number>
  blockedUntil: number | null
  /** What the last reservation was told; null: granted. */
  retryAt: number | null
}

const UNUSED: Omit<BudgetDoc, '_id'> = { calls: [], months: {}, blockedUntil: null, retryAt: null }

/** The update that takes one call, of so many credits, out of the budget or leaves in `retryAt` when to ask again. */
function reservation(now: number, limits: CallLimits, credits: number): Document[] {
  const month = `months.${monthOf(now)}`
  const isGranted = { $eq: ['$retryAt', null] }
  return [
    { $set: { calls: tidied(now), blockedUntil: shortened(now) } },
    { $set: { retryAt: retryAtOf(now, limits, { $add: [{ $ifNull: [`$${month}`, 0] }, credits] }) } },
    {
      $set: {
        calls: { $cond: [isGranted, { $concatArrays: ['$calls', [now]] }, '$calls'] },
        [month]: { $add: [{ $ifNull: [`$${month}`, 0] }, { $cond: [isGranted, credits, 0] }] },
      },
    },
  ]
}

/**
 * The calls that still count, newest first. A clock that was set back makes calls lie ahead of it: they still count. From more
 * than that ahead they are pulled to now, as no more is known of them than that they are past: a wrong clock blocks for a minute.
 */
function tidied(now: number): Document {
  const pulled = {
    $map: { input: '$calls', in: { $cond: [{ $gt: ['$$this', now + CALL_WINDOW_MS] }, now, '$$this'] } },
  }
  const kept = { $filter: { input: pulled, cond: { $gt: ['$$this', now - CALL_WINDOW_MS] } } }
  return { $sortArray: { input: kept, sortBy: -1 } }
}

/** Written down, as a limit that moves with the clock would never be reached. */
function shortened(now: number): Document {
  const latest = now + LONGEST_BLOCK_MS
  return { $cond: [{ $gt: ['$blockedUntil', latest] }, latest, '$blockedUntil'] }
}

/** When the next call may be made; null: now. `monthThen` is what the month would come to with it. */
function retryAtOf(now: number, { perMinute, perMonth }: CallLimits, monthThen: Document): Document {
  const isBlocked = { $gt: ['$blockedUntil', now] }
  const isMonthSpent = perMonth !== null && { $gt: [monthThen, perMonth] }
  // When this one leaves the minute, one less than `perMinute` are left in it. Where there is none, the sum is null too.
  const blocking = { $ifNull: [{ $arrayElemAt: ['$calls', perMinute - 1] }, null] }
  const unlessMonth = { $cond: [isMonthSpent, nextMonth(now), { $add: [blocking, CALL_WINDOW_MS] }] }
  return { $cond: [isBlocked, '$blockedUntil', unlessMonth] }
}

const monthOf = (now: number) => new Date(now).toISOString().slice(0, 'YYYY-MM'.length)

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}
