import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox'
import { CoinId, Instant, Nullable, OneOf, Score, Usd, Uuid } from './scalars.ts'
import { TIMEFRAMES } from './timeframe.ts'

const MAX_COOLDOWN_MS = 30 * 86_400_000

const cooldown = {
  cooldownMs: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_COOLDOWN_MS, description: 'Least time between two firings' }),
  ),
}
const horizon = {
  timeframe: Type.Optional(
    OneOf(TIMEFRAMES, {
      description:
        'The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h',
    }),
  ),
}

const settingsOf = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

const PriceSettings = settingsOf({
  threshold: Type.Number({ exclusiveMinimum: 0, maximum: 1e15 }),
  ...horizon,
  ...cooldown,
})
const ChangeSettings = settingsOf({ threshold: Type.Number({ minimum: -100, maximum: 1e6 }), ...horizon, ...cooldown })
const ScoreSettings = settingsOf({ threshold: Type.Number({ minimum: 0, maximum: 100 }), ...horizon, ...cooldown })
const ActionSettings = settingsOf({ ...horizon, ...cooldown })

/** The settings each type of alert takes. A threshold is in dollars, in percent or in points, as the type's name says. */
export const ALERT_SETTINGS = {
  price_above: PriceSettings,
  price_below: PriceSettings,
  change_above: ChangeSettings,
  change_below: ChangeSettings,
  score_above: ScoreSettings,
  score_below: ScoreSettings,
  action_changed: ActionSettings,
  strong_signal: ActionSettings,
} as const satisfies Record<string, TObject>

export type AlertType = keyof typeof ALERT_SETTINGS
export const ALERT_TYPES = Object.keys(ALERT_SETTINGS) as AlertType[]
export const AlertType = Type.Unsafe<AlertType>(OneOf(ALERT_TYPES))

/** Any type's settings, as stored and shown. */
export const AlertSettings = settingsOf({
  threshold: Type.Optional(Type.Number({ minimum: -100, maximum: 1e15 })),
  ...horizon,
  ...cooldown,
})
export type AlertSettings = Static<typeof AlertSettings>

/** A rule somebody set, as the API shows it. */
export const Alert = Type.Object(
  {
    alertId: Uuid,
    coinId: CoinId,
    alertType: AlertType,
    settings: AlertSettings,
    isTriggered: Type.Boolean({ description: 'Fired, and not re-armed since' }),
    triggerCount: Type.Integer({ minimum: 0 }),
    triggeredAt: Nullable(Instant),
    createdAt: Instant,
  },
  { additionalProperties: false },
)
export type Alert = Static<typeof Alert>

/** What was seen when an alert fired: all three of one observation. */
export const Evidence = Type.Object(
  { price: Nullable(Usd), score: Nullable(Score), observedAt: Instant },
  { additionalProperties: false },
)
export type Evidence = Static<typeof Evidence>

/** One firing. `triggerId` is its delivery id: a repeat carries the same one. */
export const TriggeredAlert = Type.Object(
  {
    triggerId: Uuid,
    alertId: Uuid,
    sequence: Type.Integer({ minimum: 1, description: 'The how-manieth firing of this alert' }),
    coinId: CoinId,
    alertType: AlertType,
    settings: AlertSettings,
    isTriggered: Type.Literal(true),
    triggeredAt: Instant,
    evidence: Evidence,
  },
  { additionalProperties: false },
)
export type TriggeredAlert = Static<typeof TriggeredAlert>
