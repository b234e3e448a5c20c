import type { Candidate, ErrorDetail } from './types.ts'

interface ApiErrorFields {
  status: number
  code: string
  message: string
  details?: ErrorDetail[] | undefined
  candidates?: Candidate[] | undefined
  retryAfterMs?: number | undefined
  cause?: unknown
}

/** No good answer. `status` is 0 when there was none at all: then `code` is `NETWORK` or `TIMEOUT`. */
export class ApiError extends Error {
  readonly status: number
  /** The server's code, for example `QUERY_COIN_NOT_FOUND`. */
  readonly code: string
  readonly details: readonly ErrorDetail[]
  /** The coins that may have been meant, where a symbol was given. */
  readonly candidates: readonly Candidate[]
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor({ status, code, message, details = [], candidates = [], retryAfterMs, cause }: ApiErrorFields) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.details = details
    this.candidates = candidates
    this.retryAfterMs = retryAfterMs
  }
}
