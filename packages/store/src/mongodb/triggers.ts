import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { Collection, Db } from 'mongodb'
import type { AlertStore } from '../store.ts'
import { isDuplicate, upTo, WITHIN } from './call.ts'
import { paged } from './paged.ts'

/** What happened: firings stay when their rule is removed. */
export interface TriggerLog extends Pick<AlertStore, 'triggered' | 'unpublished' | 'markPublished'> {
  /** Whether this firing of the alert, by its sequence, has been recorded; rejects when its id belongs to another. */
  readonly has: (trigger: TriggeredAlert) => Promise<boolean>
  /** May be repeated: a firing that is there already stays as it is. */
  readonly insert: (trigger: TriggeredAlert) => Promise<void>
}

export function triggerLog(db: Db): TriggerLog {
  const triggers: Collection<TriggerDoc> = db.collection('triggers')
  return {
    has: async ({ triggerId, alertId, sequence }) => {
      if ((await triggers.findOne({ alertId, sequence }, WITHIN)) !== null) return true
      if ((await triggers.findOne({ _id: triggerId }, WITHIN)) === null) return false
      throw new Error(`there is another firing ${triggerId}`)
    },
    insert: async ({ triggerId, ...trigger }) => {
      try {
        await triggers.insertOne({ _id: triggerId, ...trigger, published: false }, WITHIN)
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    },
    triggered: ({ alertId, ...page }) => {
      const filter = alertId === undefined ? {} : { alertId }
      return paged(triggers, { filter, sort: NEWEST_FIRST, ...page }, triggerOf)
    },
    unpublished: async (limit) => {
      const options = { sort: OLDEST_FIRST, ...upTo(limit) }
      return (await triggers.find({ published: false }, options).toArray()).map(triggerOf)
    },
    markPublished: async (triggerIds) => {
      if (triggerIds.length === 0) return
      await triggers.updateMany({ _id: { $in: [...triggerIds] } }, { $set: { published: true } }, WITHIN)
    },
  }
}

type TriggerDoc = Omit<TriggeredAlert, 'triggerId'> & { _id: string; published: boolean }

const NEWEST_FIRST = { triggeredAt: -1, _id: -1 } as const

const OLDEST_FIRST = { triggeredAt: 1, sequence: 1, _id: 1 } as const

const triggerOf = ({ _id, published: _published, ...trigger }: TriggerDoc): TriggeredAlert => ({
  triggerId: _id,
  ...trigger,
})
