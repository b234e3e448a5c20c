import type { Alert, AlertChange, AlertRequest } from '@crypto-signals/contracts'
import type { Store } from '@crypto-signals/store'
import { uuidv7 } from 'uuidv7'
import type { AlertBook } from './alert-book.ts'
import { alertNotFound, limitReached, unknownCoin } from './errors.ts'
import type { Report } from './report.ts'
import { newRecord } from './rules/new-record.ts'
import type { Turn } from './turns.ts'

/** Where rules are set and taken back. */
interface Desk {
  /** Stores a new rule and lets it be watched. Throws ALERTING_UNKNOWN_COIN or ALERTING_LIMIT_REACHED. */
  create: (request: AlertRequest) => Promise<Alert>
  /** Removes a rule: it does not fire any more once this resolved. Throws ALERTING_ALERT_NOT_FOUND. */
  remove: (alertId: string) => Promise<void>
}

interface DeskPorts {
  store: Pick<Store, 'alerts' | 'quotes' | 'signals'>
  book: AlertBook
  turn: Turn
  now: () => string
  maxAlerts: number
  publish: (change: AlertChange['change'], alert: Alert) => Promise<void>
  report: Report
}

export function createDesk({ store, book, turn, now, maxAlerts, publish, report }: DeskPorts): Desk {
  async function enter(request: AlertRequest): Promise<Alert> {
    if ((await store.alerts.count()) >= maxAlerts) throw limitReached(maxAlerts)
    const [known = null] = await store.signals.of([request.coinId])
    const record = newRecord(uuidv7(), request, now(), known)
    await store.alerts.create(record)
    book.put(record)
    return record.alert
  }

  async function strike(alertId: string): Promise<Alert> {
    const record = await store.alerts.get(alertId)
    if (record === null || !(await store.alerts.remove(alertId))) throw alertNotFound(alertId)
    book.remove(alertId)
    return record.alert
  }

  // The change is stored: who made it need not hear that others will hear of it late.
  const announce = (change: AlertChange['change'], alert: Alert) =>
    publish(change, alert).catch((error: unknown) => report.changeNotTold(error, change, alert))

  return {
    async create(request) {
      if ((await store.quotes.get(request.coinId)) === null) throw unknownCoin(request.coinId)
      const alert = await turn('creations', () => enter(request))
      await announce('created', alert)
      return alert
    },
    async remove(alertId) {
      await announce('removed', await turn(alertId, () => strike(alertId)))
    },
  }
}
