import type { Clock } from '@crypto-signals/clock'
import type { Dispatcher } from 'undici'
import type { Answer, Question } from '../question.ts'

/**
 * Why there is no answer. `refused`: it was never asked, so that anything may be asked elsewhere; `broken`: the connection was
 * lost or what came is not HTTP; `late`: not all of it came in time; `unwanted`: nobody waits for it any more.
 */
export type Unanswered = 'refused' | 'broken' | 'late' | 'unwanted'

export class CallError extends Error {
  readonly why: Unanswered

  constructor(why: Unanswered, cause: unknown) {
    super(`no answer: ${why}`, { cause })
    this.name = 'CallError'
    this.why = why
  }
}

interface CallOptions {
  clock: Clock
  limitMs: number
  signal: AbortSignal
}

/** Asks once, and has the whole answer or a CallError within `limitMs`. */
export function call(target: Dispatcher, question: Question, { clock, limitMs, signal }: CallOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController()
    const [answer, chunks] = [{ status: 0, headers: {} as Record<string, string> }, [] as Buffer[]]
    let stop: ((reason: Error) => void) | undefined
    const isFirst = () => {
      if (ended.signal.aborted) return false
      ended.abort(ENDED)
      signal.removeEventListener('abort', giveUp)
      return true
    }
    const fail = (error: CallError) => {
      if (!isFirst()) return
      reject(error)
      stop?.(error)
    }
    const giveUp = () => fail(new CallError('unwanted', signal.reason))
    const late = () => fail(new CallError('late', undefined))
    clock.sleep(limitMs, ended.signal).then(late, () => undefined)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)

    target.dispatch(question, {
      onRequestStart(controller) {
        stop = (reason) => controller.abort(reason)
        // Given up while it waited for a connection.
        if (ended.signal.aborted) stop(new CallError('unwanted', undefined))
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return
        answer.status = status
        answer.headers = single(headers)
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        if (isFirst()) resolve({ ...answer, body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) })
      },
      onResponseError: (_controller, error) => fail(new CallError(isUnsent(error) ? 'refused' : 'broken', error)),
    })
  })
}

// Without a reason of its own each abort makes an exception with its stack.
const ENDED = Symbol('ended')

const isUnsent = ({ syscall, code }: NodeJS.ErrnoException) =>
  syscall === 'connect' || code === 'UND_ERR_CONNECT_TIMEOUT'

/** The headers that came once: none that matters here may come twice. */
const single = (headers: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
