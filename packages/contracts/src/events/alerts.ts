import { type Static, Type } from '@sinclair/typebox'
import { TriggeredAlert } from '../domain/alert.ts'

/** One alert fired. The event's id is the trigger's. */
export const AlertTriggered = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 200 }), trigger: TriggeredAlert },
  { additionalProperties: false },
)
export type AlertTriggered = Static<typeof AlertTriggered>
export const alertsSubject = () => 'alerts.triggered'
