import type { Alert, AlertChange, TriggeredAlert } from '@crypto-signals/contracts'
import type { Ports } from '@crypto-signals/service'
import { Counter, Gauge } from 'prom-client'
import type { RuleCount } from './rule-count.ts'

/** What the service tells of itself, to the log and to the metrics. */
export interface Report {
  evaluated: (rules: number) => void
  fired: (trigger: TriggeredAlert) => void
  firingsWait: (error: unknown) => void
  changeNotTold: (error: unknown, change: AlertChange['change'], alert: Alert) => void
  newAlertWaits: (error: unknown, alert: Alert) => void
  recoveryWaits: (error: unknown) => void
}

export function createReport(log: Ports['log'], registry: Ports['metrics'], rules: RuleCount): Report {
  const { evaluations, firings, failures } = createMeters(registry, rules)
  return {
    evaluated: (count) => evaluations.inc(count),
    fired({ alertId, coinId, alertType, sequence }) {
      firings.inc({ alert_type: alertType })
      log.info({ alertId, coinId, alertType, sequence }, 'alert fired')
    },
    firingsWait(error) {
      failures.inc({ event: 'alerts' })
      log.error({ err: error }, 'firings wait: they could not be published')
    },
    changeNotTold(error, change, { alertId }) {
      failures.inc({ event: 'alert-changes' })
      log.error({ err: error, alertId, change }, 'a change of a rule was not told')
    },
    newAlertWaits(error, { alertId }) {
      log.error({ err: error, alertId }, 'a new alert waits for the next observation')
    },
    recoveryWaits(error) {
      log.error({ err: error }, 'what was stored without an event is not evaluated yet')
    },
  }
}

function createMeters(registry: Ports['metrics'], rules: RuleCount) {
  const registers = [registry]
  const gauge: Gauge = new Gauge({
    name: 'alerting_rules',
    help: 'Rules there are, on all replicas together',
    registers,
    collect: () => gauge.set(rules.count),
  })
  return {
    evaluations: new Counter({ name: 'alerting_evaluations_total', help: 'Rules evaluated', registers }),
    firings: new Counter({
      name: 'alerting_firings_total',
      help: 'Alerts fired',
      labelNames: ['alert_type'],
      registers,
    }),
    failures: new Counter({
      name: 'alerting_publish_failures_total',
      help: 'Events the bus did not take',
      labelNames: ['event'],
      registers,
    }),
  }
}
