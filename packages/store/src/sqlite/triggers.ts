import type { DatabaseSync } from 'node:sqlite'
import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { AlertStore } from '../store.ts'
import { paged } from './paged.ts'

/** What happened: firings stay when their rule is removed. */
export interface TriggerLog extends Pick<AlertStore, 'triggered' | 'unpublished' | 'markPublished'> {
  /** Whether this firing of the alert, by its sequence, has been recorded. */
  readonly has: (trigger: TriggeredAlert) => boolean
  readonly insert: (trigger: TriggeredAlert) => void
}

export function triggerLog(db: DatabaseSync): TriggerLog {
  const has = db.prepare(`SELECT 1 FROM triggers WHERE alert_id = ? AND sequence = ?`)
  const insert = db.prepare(
    `INSERT INTO triggers (trigger_id, alert_id, sequence, triggered_at, doc) VALUES (?, ?, ?, ?, ?)`,
  )
  const ofAll = paged(db, `triggers`, NEWEST_FIRST, triggerOf)
  const ofAlert = paged(db, `triggers WHERE alert_id = ?`, NEWEST_FIRST, triggerOf)
  const unpublished = db.prepare(
    `SELECT doc FROM triggers WHERE published = 0 ORDER BY triggered_at, sequence, trigger_id LIMIT ?`,
  )
  const mark = db.prepare(`UPDATE triggers SET published = 1 WHERE trigger_id IN (SELECT value FROM json_each(?))`)
  return {
    has: ({ alertId, sequence }) => has.get(alertId, sequence) !== undefined,
    insert: (trigger) => {
      const { triggerId, alertId, sequence, triggeredAt } = trigger
      insert.run(triggerId, alertId, sequence, triggeredAt, JSON.stringify(trigger))
    },
    triggered: async ({ alertId, ...page }) => (alertId === undefined ? ofAll(page) : ofAlert(page, alertId)),
    unpublished: async (limit) => (unpublished.all(limit) as { doc: string }[]).map(({ doc }) => triggerOf(doc)),
    markPublished: async (triggerIds) => void mark.run(JSON.stringify(triggerIds)),
  }
}

const NEWEST_FIRST = 'triggered_at DESC, trigger_id DESC'

const triggerOf = (doc: string) => JSON.parse(doc) as TriggeredAlert
