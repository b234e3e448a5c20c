import type { DatabaseSync } from 'node:sqlite'
import type { AlertRecord, AlertStore } from '../store.ts'
import { batches } from './batches.ts'
import { paged } from './paged.ts'
import { transaction } from './transaction.ts'
import { triggerLog } from './triggers.ts'

/** Rules with their version in a column, so that who lost a race updates no row. */
export function alertStore(db: DatabaseSync): AlertStore {
  const { has, insert, ...triggers } = triggerLog(db)
  const create = db.prepare(`INSERT INTO alerts (alert_id, coin_id, created_at, version, doc) VALUES (?, ?, ?, ?, ?)`)
  const one = db.prepare(`SELECT doc FROM alerts WHERE alert_id = ?`)
  const count = db.prepare(`SELECT count(*) AS total FROM alerts`)
  const coins = db.prepare(`SELECT DISTINCT coin_id AS coinId FROM alerts ORDER BY coin_id LIMIT ?`)
  const remove = db.prepare(`DELETE FROM alerts WHERE alert_id = ?`)
  const page = db.prepare(`SELECT alert_id AS key, doc FROM alerts WHERE alert_id > ? ORDER BY alert_id LIMIT ?`)
  const watchingPage = db.prepare(
    `SELECT alert_id AS key, doc FROM alerts WHERE alert_id > ?1 AND coin_id = ?3 ORDER BY alert_id LIMIT ?2`,
  )
  const update = db.prepare(`UPDATE alerts SET version = ?, doc = ? WHERE alert_id = ? AND version = ?`)
  const ofAll = paged(db, `alerts`, NEWEST_FIRST, alertOf)
  const ofCoin = paged(db, `alerts WHERE coin_id = ?`, NEWEST_FIRST, alertOf)
  return {
    ...triggers,
    create: async (record) => {
      const { alertId, coinId, createdAt } = record.alert
      create.run(alertId, coinId, createdAt, record.version, JSON.stringify(record))
    },
    get: async (alertId) => {
      const row = one.get(alertId) as { doc: string } | undefined
      return row === undefined ? null : recordOf(row.doc)
    },
    list: async ({ coinId, ...page }) => (coinId === undefined ? ofAll(page) : ofCoin(page, coinId)),
    count: async () => Number(count.get()?.total),
    coins: async (limit) => (coins.all(limit) as { coinId: string }[]).map(({ coinId }) => coinId),
    remove: async (alertId) => remove.run(alertId).changes === 1,
    all: (size) => batches(page, size, ({ doc }) => recordOf(doc)),
    async *watching(coinIds, size) {
      // A coin at a time: several at once would have to be sorted anew for each page.
      for (const coinId of new Set(coinIds)) yield* batches(watchingPage, size, ({ doc }) => recordOf(doc), coinId)
    },
    advance: async (record, trigger) =>
      transaction(db, () => {
        if (trigger !== null && has(trigger)) return false
        const { version, alert } = record
        const isNext = update.run(version, JSON.stringify(record), alert.alertId, version - 1).changes === 1
        if (isNext && trigger !== null) insert(trigger)
        return isNext
      }),
  }
}

const NEWEST_FIRST = 'created_at DESC, alert_id DESC'

const recordOf = (doc: string) => JSON.parse(doc) as AlertRecord

const alertOf = (doc: string) => recordOf(doc).alert
