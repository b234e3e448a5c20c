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

/** No good answer. `status` is 0 when there was none at all: then `code` is `NETWORK`, `TIMEOUT`, or `UNSENDABLE` for an id with half a character. */
export class ApiError extends Error {
  readonly status: number
  /** The server's code, for example `QUERY_COIN_NOT_FOUND`; `BAD_ANSWER` for what no server of ours says. */
  readonly code: string
  readonly details: readonly ErrorDetail[]
  /** The coins that may have been meant, where a symbol was given. */
  readonly candidates: readonly Candidate[]
  /** How long the server asks to wait, ms. */
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

/** What a server says that is none of ours, or broken. */
export const badAnswer = (message: string, { status = 200, cause }: { status?: number; cause?: unknown } = {}) =>
  new ApiError({ status, code: 'BAD_ANSWER', message, cause })

interface Answered {
  status: number
  body: string
  retryAfterMs: number | undefined
}

/** The error that an answer other than 2xx is. */
export function failureOf(question: string, { status, body, retryAfterMs }: Answered): ApiError {
  const said = parsed(body)
  const { error, code, details, candidates } = said
  return new ApiError({
    status,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    message: typeof error === 'string' ? error : `${question}: ${status}`,
    details: Array.isArray(details) ? details : [],
    candidates: Array.isArray(candidates) ? candidates : [],
    retryAfterMs,
  })
}

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}
