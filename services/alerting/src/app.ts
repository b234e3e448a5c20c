import { instantOf } from '@crypto-signals/clock'
import type { AlertRequest } from '@crypto-signals/contracts'
import type { HttpService, Ports } from '@crypto-signals/service'
import { consumeSignals } from './consumes/signals.ts'
import { createDesk } from './desk.ts'
import { createLife } from './life.ts'
import { createOutbox } from './outbox.ts'
import { publishAlertChanges } from './publishes/alert-changes.ts'
import { publishAlerts } from './publishes/alerts.ts'
import { createRecovery } from './recovery.ts'
import { createReport } from './report.ts'
import { createRuleCount } from './rule-count.ts'
import { serveAlerts } from './serves/alerts.ts'
import { createWatch } from './watch.ts'

export { ALERTING_ENVIRONMENT } from './config.ts'

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
  const rules = createRuleCount(alerts, clock)
  const report = createReport(log, metrics, rules)
  const outbox = createOutbox({ alerts, publish: publishAlerts(bus), report })
  const watch = createWatch({ store, outbox, report })
  const now = () => instantOf(clock.now())
  const desk = createDesk({ store, rules, now, maxAlerts, publish: publishAlertChanges(bus), report })
  const recover = createRecovery({ store, clock, observe: watch.observe })
  const subscribe = () => consumeSignals(bus, watch.observe)
  const alone = bus.adapter === 'in-process'
  const life = createLife({ alone, clock, rules, watch, outbox, recover, subscribe, report })

  async function create(request: AlertRequest) {
    const record = await desk.create(request)
    watch.begin(record)
    return record.alert
  }
  return {
    name: 'alerting',
    routes: serveAlerts({ alerts, create, remove: desk.remove, source: simulated ? 'simulated' : 'live' }),
    start: life.start,
    stop: life.stop,
    async readiness() {
      const reasons = [
        ...(life.running ? [] : ['signals are not followed yet']),
        ...(outbox.failing ? ['firings wait to be published'] : []),
      ]
      return { ready: life.running, reasons, counts: { alerts: rules.count } }
    },
  }
}
