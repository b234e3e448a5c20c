import { type IncomingMessage, request } from 'node:http'
import type { Clock } from '@crypto-signals/clock'
import type { Flow, Tunnel } from '../flow.ts'
import type { Answer, Question } from '../question.ts'
import { CallError } from './call.ts'

interface OpenOptions {
  clock: Clock
  /** Until when there must be a beginning of an answer, and all of one that is short. */
  limitMs: number
  signal: AbortSignal
}

/**
 * Asks once, on a connection of its own, and has the beginning of the answer or a CallError within `limitMs`; what is no flow comes
 * whole. Whoever says nothing for 25 s is hung up on.
 */
export async function open(
  origin: URL,
  question: Question,
  { clock, limitMs, signal }: OpenOptions,
): Promise<Answer | Flow | Tunnel> {
  const [begun, asking] = [new AbortController(), askAt(origin, question)]
  const giveUp = (why: 'late' | 'unwanted') => asking.destroy(new CallError(why, signal.reason))
  const unwanted = () => giveUp('unwanted')
  clock.sleep(limitMs, begun.signal).then(
    () => giveUp('late'),
    () => undefined,
  )
  if (signal.aborted) unwanted()
  else signal.addEventListener('abort', unwanted)
  try {
    return await beginningOf(asking, { isUpgrade: question.headers.upgrade !== undefined })
  } catch (error) {
    throw callErrorOf(error as NodeJS.ErrnoException)
  } finally {
    begun.abort(BEGUN)
    signal.removeEventListener('abort', unwanted)
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const BEGUN = Symbol('begun')

// More than twice the time after which a stream says that it lives.
const SILENT_MS = 25_000

function askAt({ hostname, port }: URL, { method, path, headers }: Question) {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const asking = request({ host, port, method, path, headers, agent: false, setHost: false })
  asking.on('socket', (socket) => socket.setTimeout(SILENT_MS, () => socket.destroy(new Error('silent for too long'))))
  return asking.end()
}

function beginningOf(asking: ReturnType<typeof askAt>, { isUpgrade }: { isUpgrade: boolean }) {
  return new Promise<Answer | Flow | Tunnel>((resolve, reject) => {
    asking.on('error', reject)
    asking.on('upgrade', (answer, socket, head) => {
      if (isUpgrade) return resolve({ headers: single(answer), socket, head })
      socket.destroy()
      reject(new Error('speaks another protocol'))
    })
    asking.on('response', (answer) => {
      const [status, headers] = [answer.statusCode ?? 0, single(answer)]
      if (flows(answer)) resolve({ status, headers, body: answer })
      else whole(answer).then((body) => resolve({ status, headers, body }), reject)
    })
  })
}

/** What is told bit by bit: everything else is short, and looked at before it is handed on. */
const flows = ({ statusCode, headers }: IncomingMessage) =>
  statusCode === 200 && FLOWING.test(headers['content-type'] ?? '')

const FLOWING = /^(text\/event-stream|application\/x-ndjson|text\/csv)\b/

const MAX_SHORT_BYTES = 64 * 1024

async function whole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_SHORT_BYTES) throw new Error('longer than any failure of ours')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The headers that came once: none that matters here may come twice. */
const single = ({ headersDistinct }: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.length === 1 ? [[name, String(values[0])] as const] : [],
    ),
  )

function callErrorOf(error: NodeJS.ErrnoException): CallError {
  if (error instanceof CallError) return error
  return new CallError(error.syscall === 'connect' ? 'refused' : 'broken', error)
}
