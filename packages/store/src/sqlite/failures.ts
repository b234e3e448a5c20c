import { StoreError } from '../store-error.ts'

/** The same methods, which reject with `STORE_UNAVAILABLE` when the file cannot be read or written at the moment. */
export function withFailures<T extends object>(path: string, methods: T): T {
  const failureOf = (error: unknown) => {
    const { errcode, message } = error as { errcode?: number; message: string }
    // The low byte of an extended code says what kind it is.
    if (errcode === undefined || !PASSING.has(errcode & 0xff)) return error
    return new StoreError('STORE_UNAVAILABLE', `${path} is not available: ${message}`, { cause: error })
  }
  const guarded = Object.entries(methods as Record<string, Method>).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      const answer = method(...args)
      return Symbol.asyncIterator in answer ? guardedRows(answer, failureOf) : guardedPromise(answer, failureOf)
    },
  ])
  return Object.fromEntries(guarded) as T
}

type Method = (...args: unknown[]) => Promise<unknown> | AsyncIterable<unknown>

// SQLite's result codes: busy, read-only, input or output failed, full, cannot open.
const PASSING = new Set([5, 8, 10, 13, 14])

async function guardedPromise(answer: Promise<unknown>, failureOf: (error: unknown) => unknown) {
  try {
    return await answer
  } catch (error) {
    throw failureOf(error)
  }
}

async function* guardedRows(rows: AsyncIterable<unknown>, failureOf: (error: unknown) => unknown) {
  try {
    yield* rows
  } catch (error) {
    throw failureOf(error)
  }
}
