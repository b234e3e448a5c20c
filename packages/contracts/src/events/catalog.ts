import type { Static, TSchema } from '@sinclair/typebox'
import { AlertChange, alertChangesSubject } from './alert-changes.ts'
import { AlertTriggered, alertsSubject } from './alerts.ts'
import { Interest, interestSubject } from './interest.ts'
import { Quotes, quotesSubject } from './quotes.ts'
import { Signals, signalsSubject } from './signals.ts'

interface EventDefinition<T extends TSchema> {
  schema: T
  /** The subject all events of this name lie under. */
  wildcard: string
  subject: (event: Static<T>) => string
}

const define = <T extends TSchema>(definition: EventDefinition<T>) => definition

/** Every event of the system by name: its payload and its subject. */
export const EVENTS = {
  quotes: define({ schema: Quotes, wildcard: 'market.quotes.*', subject: quotesSubject }),
  interest: define({ schema: Interest, wildcard: 'market.interest', subject: interestSubject }),
  signals: define({ schema: Signals, wildcard: 'signals.scored.*', subject: signalsSubject }),
  'alert-changes': define({ schema: AlertChange, wildcard: 'alerts.changed', subject: alertChangesSubject }),
  alerts: define({ schema: AlertTriggered, wildcard: 'alerts.triggered', subject: alertsSubject }),
} as const

export type EventName = keyof typeof EVENTS
export type EventOf<N extends EventName> = Static<(typeof EVENTS)[N]['schema']>
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[]
