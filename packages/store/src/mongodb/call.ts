import { MongoError, MongoServerError } from 'mongodb'
import { StoreError } from '../store-error.ts'

/** How long a call may take, the driver's own retries included. */
const CALL_LIMIT_MS = 10_000

/** For the options of each operation: when the server itself stops working on it. */
export const WITHIN = { maxTimeMS: CALL_LIMIT_MS } as const

/** The same, for at most so many rows, all in one answer. */
export const upTo = (rows: number) => ({ limit: rows, batchSize: rows, ...WITHIN })

/** Runs one call. Rejects with a `StoreError` when the server fails, also when it just does not answer within the limit. */
export async function call<T>(work: () => Promise<T>, limitMs = CALL_LIMIT_MS): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(unanswered(limitMs)), limitMs)
  try {
    return await Promise.race([work(), late.promise])
  } catch (error) {
    throw storeErrorOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** What the driver throws, as ours; errors of our own code stay as they are. */
export function storeErrorOf(error: unknown): unknown {
  if (!(error instanceof MongoError || isOfSocket(error))) return error
  if (error instanceof MongoError && error.code === AUTHENTICATION_FAILED) {
    return new StoreError('STORE_MISCONFIGURED', 'the database does not accept the user or the password', {
      cause: error,
    })
  }
  if (error instanceof MongoServerError && !isPassing(error)) {
    return new StoreError('STORE_REFUSED', `the database refused: ${error.message}`, { cause: error })
  }
  return new StoreError('STORE_UNAVAILABLE', `the database is not available: ${error.message}`, { cause: error })
}

/** Whether a document of this key is there already. */
export const isDuplicate = (error: unknown) => error instanceof MongoError && error.code === DUPLICATE_KEY

const DUPLICATE_KEY = 11_000
const AUTHENTICATION_FAILED = 18

/** The driver lets some of them through as they are, such as EPIPE. */
const isOfSocket = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code))

// No primary, stepping down, shutting down, too slow, not enough members to confirm a write.
const PASSING = new Set([50, 64, 91, 100, 189, 202, 262, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436])

// A bulk write that never reached the server fails as if by the server, but without a code.
const isPassing = ({ code }: MongoServerError) => code === undefined || PASSING.has(Number(code))

const unanswered = (limitMs: number) =>
  new StoreError('STORE_UNAVAILABLE', `the database did not answer within ${limitMs} ms`)
