import { errorsOf } from '@crypto-signals/service'

/** What the read side can answer besides the errors of every server. */
export const QUERY_ERRORS = {
  QUERY_COIN_NOT_FOUND: { status: 404, error: 'There is no coin of this id' },
  QUERY_SYMBOL_NOT_FOUND: { status: 404, error: 'There is no coin of this symbol' },
  QUERY_SYMBOL_AMBIGUOUS: { status: 409, error: 'Several coins have this symbol' },
  QUERY_NOT_SCORED: { status: 404, error: 'The coin has no signal yet' },
  QUERY_VERSION_GONE: { status: 410, error: 'What changed since this version is not known any more' },
  QUERY_NOT_ACCEPTABLE: { status: 406, error: 'The answer is a stream of events' },
} as const

/** The error to throw about the request. */
export const queryError = errorsOf(QUERY_ERRORS)
