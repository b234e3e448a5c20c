import type { Static, TSchema } from '@sinclair/typebox'
import { AlertChange, alertChangesSubject } from './alert-changes.ts'
import { AlertTriggered, alertsSubject } from './alerts.ts'
import { Interest, interestSubject } from './interest.ts'
import { Quotes, quotesSubject } from './quotes.ts'
import { Signals, signalsSubject } from './signals.ts'

interface EventDefinition<T extends TSchema> {
  /** What one says, for whoever consumes them; the document of all events is made from it. */
  title: string
  about: string
  /** The service that publishes it. */
  publisher: string
  schema: T
  /** The subject all events of this name lie under. */
  wildcard: string
  subject: (event: Static<T>) => string
}

const define = <T extends TSchema>(definition: EventDefinition<T>) => definition

/** Every event of the system by name: its payload and its subject. */
export const EVENTS = {
  quotes: define({
    title: 'Quotes',
    about:
      'Coins that were observed: the newest price of each with what else its source told, stored before it is published',
    publisher: 'ingestion',
    schema: Quotes,
    wildcard: 'market.quotes.*',
    subject: quotesSubject,
  }),
  interest: define({
    title: 'Interest',
    about: 'Coins that people looked at: their sources are asked sooner',
    publisher: 'query-api',
    schema: Interest,
    wildcard: 'market.interest',
    subject: interestSubject,
  }),
  signals: define({
    title: 'Signals',
    about:
      'Coins that were scored anew on all four horizons, each signal with its reasons and with what it said before',
    publisher: 'scoring',
    schema: Signals,
    wildcard: 'signals.scored.*',
    subject: signalsSubject,
  }),
  'alert-changes': define({
    title: 'Alert changes',
    about: 'A rule was created or removed',
    publisher: 'alerting',
    schema: AlertChange,
    wildcard: 'alerts.changed',
    subject: alertChangesSubject,
  }),
  alerts: define({
    title: 'Alerts',
    about: 'A rule fired, with the price and score that it fired on; once for each crossing',
    publisher: 'alerting',
    schema: AlertTriggered,
    wildcard: 'alerts.triggered',
    subject: alertsSubject,
  }),
} as const

export type EventName = keyof typeof EVENTS
export type EventOf<N extends EventName> = Static<(typeof EVENTS)[N]['schema']>
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[]
