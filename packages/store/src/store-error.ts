/**
 * Why a call to a store failed.
 * `STORE_UNAVAILABLE`: the server does not answer, or not in time, or the file cannot be read or written; the call may have been
 * carried out, and repeating it is safe.
 * `STORE_REFUSED`: the server refused the call. `STORE_MISCONFIGURED`: this database cannot be used until somebody acts.
 */
export type StoreErrorCode = 'STORE_UNAVAILABLE' | 'STORE_REFUSED' | 'STORE_MISCONFIGURED'

/** Its message tells an operator what happened and never holds credentials. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  /** What an HTTP route that fails on it answers. */
  readonly statusCode: 500 | 503

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.statusCode = code === 'STORE_UNAVAILABLE' ? 503 : 500
  }
}
