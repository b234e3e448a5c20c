import type { TriggeredAlert } from '@crypto-signals/contracts'
import type { Collection, Db } from 'mongodb'
import type { AlertRecord } from '../store.ts'
import { call, upTo, WITHIN } from './call.ts'
import { plain } from './plain.ts'
import type { TriggerLog } from './triggers.ts'

/** A rule; `pending` is a firing that is not in the log of firings yet. */
export type RuleDoc = AlertRecord & { _id: string; pending?: TriggeredAlert }

export const rulesOf = (db: Db): Collection<RuleDoc> => db.collection('alerts')

export const docOf = (record: AlertRecord): RuleDoc => ({ _id: record.alert.alertId, ...plain(record) })

export const recordOf = ({ alert, version, seen, lastAction }: AlertRecord): AlertRecord => ({
  alert,
  version,
  seen,
  lastAction,
})

/** The rules of these coins, coin after coin, `size` at a time. */
export async function* rulesWatching(
  rules: Collection<RuleDoc>,
  coinIds: readonly string[],
  size: number,
): AsyncGenerator<RuleDoc[]> {
  const left = new Set(coinIds)
  // The last rule of a full page: its coin may have more.
  let last: RuleDoc | undefined
  while (left.size > 0 || last !== undefined) {
    const of = last === undefined ? { $in: [...left] } : last.alert.coinId
    const filter = { 'alert.coinId': of, ...(last === undefined ? {} : { _id: { $gt: last._id } }) }
    const page = await call(() => rules.find(filter, { sort: BY_COIN, ...upTo(size) }).toArray())
    if (page.length > 0) yield page
    for (const { alert } of page) left.delete(alert.coinId)
    if (page.length < size && last === undefined) return
    last = page.length < size ? undefined : page.at(-1)
  }
}

const BY_COIN = { 'alert.coinId': 1, _id: 1 } as const

/** The coins that rules watch, in their order, read from an index. */
export async function coinsWatched(rules: Collection<RuleDoc>, limit: number): Promise<string[]> {
  const stages = [
    { $match: { 'alert.coinId': { $gt: '' } } },
    { $sort: { 'alert.coinId': 1 } },
    { $group: { _id: '$alert.coinId' } },
    { $sort: { _id: 1 } },
    { $limit: limit },
  ]
  const coins = await rules.aggregate<{ _id: string }>(stages, { hint: BY_COIN, ...WITHIN }).toArray()
  return coins.map(({ _id }) => _id)
}

/** The one step that decides an `advance`: the new state and with it, if there is one, the firing. False when another was quicker. */
export async function advanceRule(
  rules: Collection<RuleDoc>,
  record: AlertRecord,
  pending: TriggeredAlert | null,
): Promise<boolean> {
  const { version, alert } = record
  const filter = { _id: alert.alertId, version: version - 1, ...(pending === null ? {} : NOTHING_PENDING) }
  const state = plain({ ...recordOf(record), ...(pending === null ? {} : { pending }) })
  return (await rules.updateOne(filter, { $set: state }, WITHIN)).matchedCount === 1
}

/** Moves the firing of a rule to the log. Two may do so at once, and a crash between the steps only makes the first one happen again. */
export async function movePending(rules: Collection<RuleDoc>, rule: Pick<RuleDoc, '_id' | 'pending'>, log: TriggerLog) {
  const { _id, pending } = rule
  if (pending === undefined) return
  await log.insert(pending)
  await rules.updateOne({ _id, 'pending.triggerId': pending.triggerId }, { $unset: { pending: '' } }, WITHIN)
}

/** Moves all that crashes left behind. */
export async function settle(rules: Collection<RuleDoc>, log: TriggerLog): Promise<void> {
  const filter = { 'pending.triggerId': { $gt: '' } }
  const left = await rules.find(filter, { projection: { pending: 1 }, ...WITHIN }).toArray()
  for (const rule of left) await movePending(rules, rule, log)
}

/** Removes a rule, but never together with a firing that is not in the log. */
export async function removeRule(rules: Collection<RuleDoc>, _id: string, log: TriggerLog): Promise<boolean> {
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
    if ((await rules.deleteOne({ _id, ...NOTHING_PENDING }, WITHIN)).deletedCount === 1) return true
    const rule = await rules.findOne({ _id }, WITHIN)
    if (rule === null) return false
    await movePending(rules, rule, log)
  }
  throw new Error(`alert ${_id} fires too fast to be removed`)
}

const NOTHING_PENDING = { pending: { $exists: false } }

const REMOVE_ATTEMPTS = 5
