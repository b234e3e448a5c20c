import { within } from './clock.ts'
import { type Asking, type Connection, connect, lateError, questionOf, wholeOf } from './connection.ts'
import { waitBeforeRetry } from './retry.ts'

/** How questions get to the server. Everything rejects with an `ApiError`, or with the request's reason when that is aborted. */
export interface Transport {
  /** The whole answer, which is 2xx or one of `answers`. */
  ask(request: Request, answers?: readonly number[]): Promise<Response>
  /** A good answer as soon as its head is there. */
  open(request: Request): Promise<Connection>
  /** The same in one try. */
  openOnce(request: Request): Promise<Connection>
}

export interface TransportOptions extends Asking {
  /** How often is tried again what may be. */
  retries: number
  random: () => number
}

export function createTransport({ retries, random, ...asking }: TransportOptions): Transport {
  const { clock, timeoutMs } = asking

  async function patiently<T>(request: Request, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        if (request.signal.aborted) throw request.signal.reason
        const waitMs = waitBeforeRetry(error, tries, { reads: request.method === 'GET', random })
        if (tries > retries || waitMs === undefined) throw error
        await clock.sleep(waitMs, request.signal)
      }
    }
  }

  async function whole(request: Request, answers: readonly number[]): Promise<Response> {
    const question = questionOf(request)
    const { response, text, close } = await connect(request, answers, asking)
    try {
      const limit = { clock, ms: timeoutMs, signal: request.signal }
      const body = await within(wholeOf(text(timeoutMs), question), limit, () => lateError(question, timeoutMs))
      return new Response(response.status === 204 ? null : body, { status: response.status })
    } finally {
      close()
    }
  }

  const openOnce = (request: Request) => connect(request, [], asking)
  return {
    ask: (request, answers = []) => patiently(request, () => whole(request, answers)),
    open: (request) => patiently(request, () => openOnce(request)),
    openOnce,
  }
}
