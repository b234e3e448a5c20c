import type { Alert, AlertChange, AlertRequest } from '@crypto-signals/contracts'
import type { AlertRecord, Store } from '@crypto-signals/store'
import { uuidv7 } from 'uuidv7'
import { alertNotFound, limitReached, unknownCoin } from './errors.ts'
import type { Report } from './report.ts'
import type { RuleCount } from './rule-count.ts'
import { newRecord } from './rules/new-record.ts'

/** Where rules are set and taken back. */
interface Desk {
  /** Stores a new rule: from then on every replica watches it. Throws ALERTING_UNKNOWN_COIN or ALERTING_LIMIT_REACHED. */
  create: (request: AlertRequest) => Promise<AlertRecord>
  /** Removes a rule: it does not fire any more once this resolved. Throws ALERTING_ALERT_NOT_FOUND. */
  remove: (alertId: string) => Promise<void>
}

interface DeskPorts {
  store: Pick<Store, 'alerts' | 'quotes' | 'signals'>
  rules: RuleCount
  now: () => string
  maxAlerts: number
  publish: (change: AlertChange['change'], alert: Alert) => Promise<void>
  report: Report
}

export function createDesk({ store, rules, now, maxAlerts, publish, report }: DeskPorts): Desk {
  // One creation after the other: between the count and the write there is no other.
  let entries: Promise<unknown> = Promise.resolve()

  async function enter(request: AlertRequest): Promise<AlertRecord> {
    if ((await store.alerts.count()) >= maxAlerts) throw limitReached(maxAlerts)
    const [known = null] = await store.signals.of([request.coinId])
    const record = newRecord(uuidv7(), request, now(), known)
    await store.alerts.create(record)
    return record
  }

  // The change is stored: who made it need not hear that others will hear of it late.
  async function announce(change: AlertChange['change'], alert: Alert) {
    rules.moved(change === 'created' ? 1 : -1)
    await publish(change, alert).catch((error: unknown) => report.changeNotTold(error, change, alert))
  }

  return {
    async create(request) {
      if ((await store.quotes.get(request.coinId)) === null) throw unknownCoin(request.coinId)
      const entered = entries.then(() => enter(request))
      entries = entered.catch(() => undefined)
      const record = await entered
      await announce('created', record.alert)
      return record
    },
    async remove(alertId) {
      const record = await store.alerts.get(alertId)
      if (record === null || !(await store.alerts.remove(alertId))) throw alertNotFound(alertId)
      await announce('removed', record.alert)
    },
  }
}
