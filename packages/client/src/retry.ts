import { ApiError } from './api-error.ts'

/** Answers that may be others a moment later. */
const PASSING = [429, 502, 503, 504]

const FIRST_WAIT_MS = 250
/** Whoever is asked to wait longer than this is told so instead. */
const LONGEST_WAIT_MS = 10_000

/**
 * How long to wait before the same is asked for again, ms; undefined when it is not to be. `tries` were made. Only what reads is
 * repeated, anything else if it never left.
 */
export function waitBeforeRetry(error: unknown, tries: number, about: { reads: boolean; random: () => number }) {
  if (!(error instanceof ApiError) || !(about.reads ? isPassing(error) : isUnsent(error))) return undefined
  const waitMs = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (tries - 1) * (1 + about.random())
  return waitMs > LONGEST_WAIT_MS ? undefined : waitMs
}

const isPassing = ({ status }: ApiError) => status === 0 || PASSING.includes(status)

/** Whether no connection was made. Only Node tells. */
function isUnsent({ status, cause }: ApiError): boolean {
  const { code } = Object((cause as Error | undefined)?.cause) as { code?: string }
  return status === 0 && UNSENT.includes(code ?? '')
}

const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** What Retry-After asks for, ms: seconds or a date. */
export function retryAfterOf(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (!value) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** Waits of somebody who comes back for ever. */
export interface BackOff {
  /** How long to wait now, ms: at least `leastMs`, twice as long with each time that brought nothing. */
  next: (leastMs?: number) => number
  /** It went well. */
  reset: () => void
  /** The first wait, as the server wants it, ms. */
  begin: (ms: number) => void
}

const SHORTEST_BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 10_000
const LONGEST_ASKED_MS = 300_000

/** The waits lie above what they are meant to be by up to a half, so that not all clients of a server come back at once. */
export function createBackOff(random: () => number, firstMs = 1_000): BackOff {
  let first = firstMs
  let failures = 0
  return {
    next(leastMs = 0) {
      const grown = Math.min(first * 2 ** Math.min(failures++, 10), Math.max(first, LONGEST_BACK_OFF_MS))
      return Math.max(grown, Math.min(leastMs, LONGEST_ASKED_MS)) * (1 + random() / 2)
    },
    reset() {
      failures = 0
    },
    begin(ms) {
      first = Math.min(Math.max(ms, SHORTEST_BACK_OFF_MS), LONGEST_ASKED_MS)
    },
  }
}

/** Whether the server said no, and will say so again: a 4xx that no waiting helps against. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && ![408, 425, 429].includes(error.status)
