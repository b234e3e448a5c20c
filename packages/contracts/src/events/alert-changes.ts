import { type Static, Type } from '@sinclair/typebox'
import { Alert } from '../domain/alert.ts'
import { OneOf } from '../domain/scalars.ts'

/** A rule was created or removed. */
export const AlertChange = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200 }),
    change: OneOf(['created', 'removed']),
    alert: Alert,
  },
  { additionalProperties: false },
)
export type AlertChange = Static<typeof AlertChange>
export const alertChangesSubject = () => 'alerts.changed'
