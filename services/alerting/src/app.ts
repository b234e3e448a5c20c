import { instantOf } from '@crypto-signals/clock'
import type { AlertRequest, Meta } from '@crypto-signals/contracts'
import type { HttpService, Ports } from '@crypto-signals/service'
import { createAlertBook } from './alert-book.ts'
import { consumeAlertChanges } from './consumes/alert-changes.ts'
import { consumeSignals } from './consumes/signals.ts'
import { createDesk } from './desk.ts'
import { createLife } from './life.ts'
import { createOutbox } from './outbox.ts'
import { publishAlertChanges } from './publishes/alert-changes.ts'
import { publishAlerts } from './publishes/alerts.ts'
import { createReport } from './report.ts'
import { serveAlerts } from './serves/alerts.ts'
import { createTurns } from './turns.ts'
import { createWatch } from './watch.ts'

export interface AlertingConfig {
  /** Whether the market is a simulated one. */
  simulated: boolean
  /** How many alerts there may be. */
  maxAlerts: number
}

/** The service that keeps the rules people set and fires them on new signals. */
export function buildAlerting(ports: Omit<Ports, 'cache'>, { simulated, maxAlerts }: AlertingConfig): HttpService {
  const { store, bus, clock, log, metrics } = ports
  const { alerts } = store
  const turn = createTurns()
  const book = createAlertBook(clock.now().toString(36))
  const report = createReport(log, metrics, () => book.size)
  const outbox = createOutbox({ alerts, publish: publishAlerts(bus), report })
  const watch = createWatch({ store, book, outbox, turn, report })
  const now = () => instantOf(clock.now())
  const desk = createDesk({ store, book, turn, now, maxAlerts, publish: publishAlertChanges(bus), report })
  const subscribe = () => Promise.all([consumeAlertChanges(bus, watch.refresh), consumeSignals(bus, watch.observe)])
  const life = createLife({ alerts, clock, book, watch, subscribe })

  async function create(request: AlertRequest) {
    const alert = await desk.create(request)
    watch.catchUpRule(alert.alertId).catch((error: unknown) => report.newAlertWaits(error, alert))
    return alert
  }
  const meta = (): Meta => ({ source: simulated ? 'simulated' : 'live', version: book.version })
  return {
    name: 'alerting',
    routes: serveAlerts({ alerts, create, remove: desk.remove, meta }),
    start: life.start,
    stop: life.stop,
    async readiness() {
      const reasons = [
        ...(life.running ? [] : ['the rules are not loaded']),
        ...(outbox.failing ? ['firings wait to be published'] : []),
      ]
      return { ready: life.running, reasons, counts: { alerts: book.size } }
    },
  }
}
