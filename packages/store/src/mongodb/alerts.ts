import type { Db } from 'mongodb'
import type { AlertStore } from '../store.ts'
import { batches, documentsAfter } from './batches.ts'
import { call, WITHIN } from './call.ts'
import { countOf, paged } from './paged.ts'
import {
  advanceRule,
  coinsWatched,
  docOf,
  movePending,
  recordOf,
  removeRule,
  rulesOf,
  rulesWatching,
  settle,
} from './rules.ts'
import { triggerLog } from './triggers.ts'

/**
 * A firing is written into its rule together with the rule's new state, in one update, and from there moved to the log of firings.
 * A crash in between loses nothing: whoever next reads firings or touches that rule moves it.
 */
export function alertStore(db: Db): AlertStore {
  const rules = rulesOf(db)
  const log = triggerLog(db)
  const settled = <T>(read: () => Promise<T>) => call(() => settle(rules, log).then(read))
  return {
    create: async (record) => void (await call(() => rules.insertOne(docOf(record), WITHIN))),
    get: async (alertId) => {
      const rule = await call(() => rules.findOne({ _id: alertId }, WITHIN))
      return rule === null ? null : recordOf(rule)
    },
    list: ({ coinId, ...page }) => {
      const filter = coinId === undefined ? {} : { 'alert.coinId': coinId }
      return call(() => paged(rules, { filter, sort: NEWEST_FIRST, ...page }, ({ alert }) => alert))
    },
    count: () => call(() => countOf(rules, {})),
    coins: (limit) => call(() => coinsWatched(rules, limit)),
    remove: (alertId) => call(() => removeRule(rules, alertId, log)),
    all: (size) =>
      batches(async (after) => {
        const docs = await documentsAfter(rules, after, size)
        return { rows: docs.map(recordOf), last: docs.at(-1)?._id }
      }),
    async *watching(coinIds, size) {
      for await (const docs of rulesWatching(rules, coinIds, size)) yield docs.map(recordOf)
    },
    advance: (record, trigger) =>
      call(async () => {
        if (trigger === null) return advanceRule(rules, record, null)
        const rule = await rules.findOne({ _id: record.alert.alertId }, WITHIN)
        // Read before the log is: the version only rises, so the log has not changed if the update finds the same version.
        if (rule?.version !== record.version - 1) return false
        await movePending(rules, rule, log)
        if ((await log.has(trigger)) || !(await advanceRule(rules, record, trigger))) return false
        await movePending(rules, { _id: rule._id, pending: trigger }, log)
        return true
      }),
    triggered: (query) => settled(() => log.triggered(query)),
    unpublished: (limit) => settled(() => log.unpublished(limit)),
    markPublished: (triggerIds) => call(() => log.markPublished(triggerIds)),
  }
}

const NEWEST_FIRST = { 'alert.createdAt': -1, _id: -1 } as const
