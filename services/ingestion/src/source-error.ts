/**
 * What a caller can do about a call that went wrong: `throttled` wait as told, `refused` call seldom, `too-long` ask for less,
 * `rejected` give the request up, `failed` try again.
 */
export type FailureKind = 'throttled' | 'refused' | 'too-long' | 'rejected' | 'failed'

/** A call to a market source that gave no usable answer. */
export class SourceError extends Error {
  readonly kind: FailureKind
  /** The request's path and query, cut; never holds a key. */
  readonly path: string
  /** When the source wants to be asked again, ms since the epoch; null if it did not say. */
  readonly retryAt: number | null

  constructor(failure: Failure, path: string, options?: ErrorOptions) {
    super(failure.message.slice(0, LONGEST_MESSAGE).toWellFormed(), options)
    this.name = 'SourceError'
    this.kind = failure.kind
    this.path = path.slice(0, 200)
    this.retryAt = failure.retryAt ?? null
  }
}

// What it holds beyond kind and status may be the source's words, and people read it in a log line and in the health.
const LONGEST_MESSAGE = 160

export interface Failure {
  kind: FailureKind
  message: string
  retryAt?: number | null
}
