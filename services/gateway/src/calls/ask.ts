import { versionIn } from '@crypto-signals/contracts'
import { httpError } from '@crypto-signals/service'
import type { Flow, Open, Tunnel } from '../flow.ts'
import type { Answer, Ask, Question } from '../question.ts'
import { CallError, type Unanswered } from './call.ts'
import { forCaller, type Worth, worthOf } from './fit-answer.ts'
import type { Replica } from './replica.ts'
import type { Replicas } from './replicas.ts'

/** How a call ended. */
export type Outcome = Worth | Unanswered

/**
 * Asks one of the replicas; when that fails, a read is asked once more, of another one if there is one, and anything else only if
 * it was never sent. Rejects with HTTP_UNAVAILABLE or HTTP_INTERNAL: what a replica says in a 5xx is never told.
 */
export function asking(replicas: Replicas, count: (outcome: Outcome) => void): Ask {
  const tried = trying<Answer>(replicas, count, ({ busy }) => busy)
  return (question, signal) => {
    const limitMs = isRead(question) ? READ_MS : WRITE_MS
    return tried(question, (replica) => replica.ask(question, { limitMs, signal }), FAULTY)
  }
}

/** The same for what is handed on while it comes, of the replica with the fewest streams; once it has begun it is not repeated. */
export function opening(replicas: Replicas, count: (outcome: Outcome) => void): Open {
  const tried = trying<Answer | Flow | Tunnel>(replicas, count, ({ streams }) => streams)
  return (question, { kind, signal }) => {
    const [limitMs, faulty] = kind === 'made' ? [MADE_MS, FAULTY_MAKER] : [OPEN_MS, FAULTY]
    return tried(question, (replica) => replica.open(question, { limitMs, signal }), faulty)
  }
}

/** What is `faulty` is asked once more where that may be, of another replica. */
function trying<A extends Answer | Flow | Tunnel>(
  replicas: Replicas,
  count: (outcome: Outcome) => void,
  load: (replica: Replica) => number,
) {
  const attempt = async (replica: Replica, ask: (replica: Replica) => Promise<A>, faulty: ReadonlySet<Outcome>) => {
    const made = await attempted(replica, ask)
    count(made.outcome)
    if (faulty.has(made.outcome)) replica.condition.failed()
    const version = versionIn(made.answer?.headers.etag ?? '')
    if (version !== undefined) replica.condition.answeredFrom(version)
    return made
  }
  return async (question: Question, ask: (replica: Replica) => Promise<A>, faulty: ReadonlySet<Outcome>) => {
    const first = replicas.other(load)
    if (first === undefined) throw httpError('HTTP_UNAVAILABLE')
    const made = await attempt(first, ask, faulty)
    const mayRepeat = made.outcome === 'refused' || (isRead(question) && faulty.has(made.outcome))
    const second = mayRepeat ? (replicas.other(load, first) ?? behindSame(first, made)) : undefined
    return delivered(second === undefined ? made : await attempt(second, ask, faulty))
  }
}

/** An address may be that of several processes, which take connections in turn: who broke one off need not get the next. */
const behindSame = (replica: Replica, { outcome }: Attempt<unknown>) => (PASSED_ON.has(outcome) ? replica : undefined)

interface Attempt<A> {
  outcome: Outcome
  answer?: A
  cause?: unknown
}

async function attempted<A extends Answer | Flow | Tunnel>(
  replica: Replica,
  ask: (replica: Replica) => Promise<A>,
): Promise<Attempt<A>> {
  try {
    const answer = await ask(replica)
    return { outcome: worthOf(answer), answer: forCaller(answer) }
  } catch (cause) {
    return { outcome: cause instanceof CallError ? cause.why : 'broken', cause }
  }
}

function delivered<A>({ outcome, answer, cause }: Attempt<A>): A {
  if (outcome === 'answered' && answer !== undefined) return answer
  throw Object.assign(httpError(outcome === 'error' ? 'HTTP_INTERNAL' : 'HTTP_UNAVAILABLE'), { cause })
}

const isRead = ({ method }: Question) => method === 'GET' || method === 'HEAD'

// One that is late would be only later.
const PASSED_ON = new Set<Outcome>(['unavailable', 'broken', 'refused'])

/** What a replica is avoided for until it is next found ready. */
const FAULTY = new Set<Outcome>(['unavailable', 'unfit', 'broken', 'late', 'refused'])

/** One that is long about a whole market may be as well as any, and has all the more to do if each is asked for it. */
const FAULTY_MAKER = new Set([...FAULTY].filter((outcome) => outcome !== 'late'))

// From the connection to the last byte: two reads have failed before the 2.5 s after which a caller is to know of it.
const READ_MS = 1_200
// Below the 10 s after which the server itself answers 503.
const WRITE_MS = 9_000
// The same twice.
const OPEN_MS = 4_000
// Once; others may be before it in the queue.
const MADE_MS = 9_000
