import { errorsOf } from '@crypto-signals/service'

/** What this service answers besides the errors every server has. */
export const ALERTING_ERRORS = {
  ALERTING_UNKNOWN_COIN: { status: 400, error: 'The coin is not known' },
  ALERTING_ALERT_NOT_FOUND: { status: 404, error: 'There is no such alert' },
  ALERTING_LIMIT_REACHED: { status: 409, error: 'There are as many alerts as there may be' },
} as const

const alertingError = errorsOf(ALERTING_ERRORS)

export const unknownCoin = (coinId: string) =>
  alertingError('ALERTING_UNKNOWN_COIN', [{ path: 'body/coinId', message: `${coinId} is no coin of this market` }])

export const alertNotFound = (alertId: string) =>
  alertingError('ALERTING_ALERT_NOT_FOUND', [{ path: 'params/alertId', message: `${alertId} is no alert` }])

export const limitReached = (maxAlerts: number) =>
  alertingError('ALERTING_LIMIT_REACHED', [{ path: '', message: `at most ${maxAlerts}: remove one first` }])
