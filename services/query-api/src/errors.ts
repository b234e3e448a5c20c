import type { ErrorDetail } from '@crypto-signals/contracts'
import createError from '@fastify/error'

/** What the read side can answer besides the errors of every server. */
export const QUERY_ERRORS = {
  QUERY_COIN_NOT_FOUND: createError('QUERY_COIN_NOT_FOUND', 'There is no coin of this id', 404),
  QUERY_NOT_SCORED: createError('QUERY_NOT_SCORED', 'The coin has no signal yet', 404),
} as const

/** The error to throw about one parameter of the request. */
export function queryError(code: keyof typeof QUERY_ERRORS, detail: ErrorDetail) {
  return Object.assign(new QUERY_ERRORS[code](), { details: [detail] })
}
