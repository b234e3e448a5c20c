import { type Candidate, type ErrorDetail, Failure } from '@crypto-signals/contracts'
import createError from '@fastify/error'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isUnavailable } from './once-available.ts'

/** What every server of the system can answer besides its own errors. Fastify's own codes are mapped onto these. */
export const HTTP_ERRORS = {
  HTTP_INVALID_REQUEST: { status: 400, error: 'The request is not valid' },
  HTTP_INVALID_BODY: { status: 400, error: 'The body is not valid JSON' },
  HTTP_FORBIDDEN: { status: 403, error: 'Not allowed from here' },
  HTTP_NOT_FOUND: { status: 404, error: 'There is no such path' },
  HTTP_METHOD_NOT_ALLOWED: { status: 405, error: 'The path does not take this method' },
  HTTP_TIMEOUT: { status: 408, error: 'The request took too long to arrive' },
  HTTP_BODY_TOO_LARGE: { status: 413, error: 'The body is too large' },
  HTTP_URL_TOO_LONG: { status: 414, error: 'A part of the path is too long' },
  HTTP_UNSUPPORTED_MEDIA_TYPE: { status: 415, error: 'The body must be application/json' },
  HTTP_RATE_LIMITED: { status: 429, error: 'Too many requests' },
  HTTP_HEADERS_TOO_LARGE: { status: 431, error: 'The headers are too large' },
  HTTP_INTERNAL: { status: 500, error: 'Something went wrong on our side' },
  HTTP_UNAVAILABLE: { status: 503, error: 'Not available at the moment' },
} as const

export type HttpErrorCode = keyof typeof HTTP_ERRORS

/** Makes the errors of a table; the `details` given with one say what is wrong where, `candidates` which coins may have been meant. */
export function errorsOf<C extends string>(table: Record<C, { status: number; error: string }>) {
  const rows = Object.entries<{ status: number; error: string }>(table)
  const made = new Map(rows.map(([code, { status, error }]) => [code, createError(code, error, status)]))
  return (code: C, details: ErrorDetail[] = [], candidates: Candidate[] = []) => {
    const Made = made.get(code) as NonNullable<ReturnType<typeof made.get>>
    return Object.assign(new Made(), { details, candidates })
  }
}

/** An error to throw from a hook or a handler. */
export const httpError = errorsOf(HTTP_ERRORS)

/** Response schemas of the failures a route can answer, beyond those of every route: 400, 429, 500 and 503. */
export const failures = <S extends number>(...statuses: S[]) =>
  Object.fromEntries([...EVERYWHERE, ...statuses].map((status) => [status, Failure])) as unknown as Record<
    S | (typeof EVERYWHERE)[number],
    typeof Failure
  >

const EVERYWHERE = [400, 429, 500, 503] as const

/** Answers an error in the shape of `Failure`. What went wrong inside is logged and never told. */
export function answerError(error: ThrownError, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = failureOf(error)
  if (status >= 500) logFailure(error, status, request)
  return reply.code(status).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(body)
}

/** Whoever asks while something is away could fill the log: that it is away is logged once, by whoever looks after it. */
function logFailure(error: ThrownError, status: number, { log, url }: FastifyRequest): void {
  if (status === 503 && isUnavailable(error)) log.debug({ code: error.code, reason: error.message, url }, 'unavailable')
  else log.error({ err: error, url }, 'request failed')
}

type ThrownError = Error & { code?: string; statusCode?: number; details?: ErrorDetail[]; candidates?: Candidate[] }

/** Status and body of an error. Any error that does not carry a 4xx of its own is an internal one. */
function failureOf(error: ThrownError): { status: number; body: Failure } {
  const code = FASTIFY_CODES[error.code ?? ''] ?? error.code ?? ''
  const known = HTTP_ERRORS[code as HttpErrorCode]
  const status = known?.status ?? error.statusCode ?? 500
  if (status >= 500) return { status, body: bodyOf(status === 503 ? 'HTTP_UNAVAILABLE' : 'HTTP_INTERNAL') }
  if (known !== undefined) return { status, body: bodyOf(code as HttpErrorCode, error.details ?? told(error)) }
  if (error.details !== undefined || OWN_CODE.test(code)) {
    const { message, details = told(error), candidates = [] } = error
    const body = { success: false as const, error: message, code, details }
    return { status, body: candidates.length === 0 ? body : { ...body, candidates } }
  }
  return { status, body: { ...bodyOf('HTTP_INVALID_REQUEST', told(error)) } }
}

export const bodyOf = (code: HttpErrorCode, details?: ErrorDetail[]): Failure => ({
  success: false,
  error: HTTP_ERRORS[code].error,
  code,
  ...(details === undefined ? {} : { details }),
})

const told = (error: Error): ErrorDetail[] => [{ path: '', message: error.message }]

const OWN_CODE = /^(?!FST_)[A-Z]+_[A-Z_]+$/

const FASTIFY_CODES: Record<string, HttpErrorCode> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'HTTP_INVALID_BODY',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'HTTP_INVALID_BODY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'HTTP_INVALID_BODY',
  FST_ERR_CTP_BODY_TOO_LARGE: 'HTTP_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'HTTP_UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_TYPE: 'HTTP_UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_BAD_URL: 'HTTP_INVALID_REQUEST',
  FST_ERR_NOT_FOUND: 'HTTP_NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'HTTP_URL_TOO_LONG',
}
