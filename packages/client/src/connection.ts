import { ApiError, badAnswer, failureOf } from './api-error.ts'
import { type Clock, within } from './clock.ts'
import { retryAfterOf } from './retry.ts'

/** An answer whose head is there and whose body is read while it comes. */
export interface Connection {
  response: Response
  /** The body, to be read once. Leaving it closes the connection. Rejects with an `ApiError` when it breaks off, or nothing comes for `idleMs`. */
  text: (idleMs: number) => AsyncGenerator<string, void>
  close: () => void
}

export interface Asking {
  fetch: typeof globalThis.fetch
  clock: Clock
  /** How long the head may take, ms. */
  timeoutMs: number
}

/** Asks once. Rejects with an `ApiError` unless the answer is 2xx or one of `answers`, and with the request's reason when that is aborted. */
export async function connect(request: Request, answers: readonly number[], asking: Asking): Promise<Connection> {
  const { fetch, clock, timeoutMs } = asking
  const controller = followerOf(request.signal)
  const incoming: Incoming = { question: questionOf(request), controller, clock }
  try {
    // Followed, a redirect would take the caller's headers along to wherever it leads.
    const asked = fetch(request.clone(), { signal: controller.signal, redirect: 'error' }).catch((error) => {
      throw broken(incoming.question, error)
    })
    const limit = { clock, ms: timeoutMs, signal: controller.signal }
    const response = await within(asked, limit, () => lateError(incoming.question, timeoutMs))
    const text = (idleMs: number) => textOf(response, incoming, idleMs)
    if (response.ok || answers.includes(response.status)) return { response, text, close: () => controller.abort() }
    const whole = wholeOf(text(timeoutMs), incoming.question)
    const told = within(whole, { ...limit, signal: request.signal }, () => lateError(incoming.question, timeoutMs))
    const body = await told.catch(() => '')
    const retryAfterMs = retryAfterOf(response.headers, clock.now())
    throw failureOf(incoming.question, { status: response.status, body, retryAfterMs })
  } catch (error) {
    controller.abort()
    throw error
  }
}

interface Incoming {
  question: string
  controller: AbortController
  clock: Clock
}

async function* textOf({ body }: Response, { question, controller, clock }: Incoming, idleMs: number) {
  if (body === null) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const read = reader.read().catch((error) => {
        throw broken(question, error)
      })
      const limit = { clock, ms: idleMs, signal: controller.signal }
      const { done, value } = await within(read, limit, () => lateError(question, idleMs))
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    controller.abort()
    reader.cancel().catch(() => {})
  }
}

/** The longest answer that is held as a whole, characters: ten times the longest that servers give. */
const MAX_ANSWER = 32 * 1_024 * 1_024

export async function wholeOf(text: AsyncIterable<string>, question: string): Promise<string> {
  const parts: string[] = []
  let length = 0
  for await (const part of text) {
    parts.push(part)
    length += part.length
    if (length > MAX_ANSWER) throw badAnswer(`${question}: longer than ${MAX_ANSWER} characters`)
  }
  return parts.join('')
}

export const questionOf = ({ method, url }: Request) => `${method} ${url.replace(/\?.*/s, '')}`

export const lateError = (question: string, ms: number) =>
  new ApiError({ status: 0, code: 'TIMEOUT', message: `${question}: nothing came within ${ms} ms` })

function broken(question: string, cause: unknown): ApiError {
  const { message, cause: reason } = Object(cause) as { message?: string; cause?: { code?: string } }
  const why = reason?.code === undefined ? message : `${message} (${reason.code})`
  return new ApiError({ status: 0, code: 'NETWORK', message: `${question}: ${why}`, cause })
}

/** Is aborted with `signal`, or by itself. */
function followerOf(signal: AbortSignal): AbortController {
  const controller = new AbortController()
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow, { signal: controller.signal })
  return controller
}
