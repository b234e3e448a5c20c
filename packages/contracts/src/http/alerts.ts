import { type Static, type TObject, Type } from '@sinclair/typebox'
import {
  ALERT_SETTINGS,
  ALERT_TYPES,
  Alert,
  type AlertSettings,
  type AlertType,
  TriggeredAlert,
} from '../domain/alert.ts'
import { CoinId, Uuid } from '../domain/scalars.ts'
import { Page, pageQuery, Success } from './envelope.ts'

const requestOf = (alertType: AlertType) => {
  const settings: TObject = ALERT_SETTINGS[alertType]
  const needed = 'threshold' in settings.properties
  return Type.Object(
    { coinId: CoinId, alertType: Type.Literal(alertType), settings: needed ? settings : Type.Optional(settings) },
    { additionalProperties: false },
  )
}

/** What creates an alert: the settings depend on the type. */
export const AlertRequest = Type.Unsafe<AlertRequest>({
  type: 'object',
  discriminator: { propertyName: 'alertType' },
  required: ['coinId', 'alertType'],
  oneOf: ALERT_TYPES.map(requestOf),
})
export interface AlertRequest {
  coinId: CoinId
  alertType: AlertType
  settings?: AlertSettings
}

export const AlertParams = Type.Object({ alertId: Uuid }, { additionalProperties: false })
export type AlertParams = Static<typeof AlertParams>

export const AlertsQuery = Type.Object(
  { ...pageQuery(20), coinId: Type.Optional(CoinId) },
  { additionalProperties: false },
)
export type AlertsQuery = Static<typeof AlertsQuery>

export const TriggeredQuery = Type.Object(
  { ...pageQuery(20), alertId: Type.Optional(Uuid) },
  { additionalProperties: false },
)
export type TriggeredQuery = Static<typeof TriggeredQuery>

export const AlertAnswer = Success(Alert, {})
export const AlertsPage = Page(Alert)
export const TriggeredPage = Page(TriggeredAlert)
export const AlertRemoved = Success(
  Type.Object({ alertId: Uuid, deleted: Type.Literal(true) }, { additionalProperties: false }),
  {},
)
