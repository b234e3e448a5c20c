import type { Clock } from '@crypto-signals/clock'
import type { Readiness } from '@crypto-signals/service'
import type { Logger } from 'pino'
import { Pool } from 'undici'
import { type Flow, isFlow, isTunnel, type Tunnel } from '../flow.ts'
import type { Answer, Question } from '../question.ts'
import { CallError, call } from './call.ts'
import { type ConditionKeeper, createCondition } from './condition.ts'
import { open } from './open.ts'
import { createProbe, type Probe } from './probe.ts'

/** One process of a service, at one address. */
export interface Replica {
  readonly condition: ConditionKeeper
  /** How many questions it has not answered yet. */
  readonly busy: number
  /** How much of what it tells bit by bit is under way. */
  readonly streams: number
  /** Resolves when it was looked at for the first time. */
  readonly seen: Promise<void>
  /** Rejects with a CallError. */
  ask(question: Question, options: Limits): Promise<Answer>
  /** Rejects with a CallError, until it has begun. */
  open(question: Question, options: Limits): Promise<Answer | Flow | Tunnel>
  /** Looks at it no more, and closes its connections when nobody waits for an answer. */
  end(): void
}

interface Limits {
  limitMs: number
  signal: AbortSignal
}

export interface ReplicaOptions {
  clock: Clock
  log: Logger
  /** The host it is asked as: its address may be one of several behind that name. */
  host: string
  nextOrder: () => number
  /** Is handed its OpenAPI document each time it has come to be ready. */
  describe: (document: unknown) => void
}

/** Looks at the replica every 250 ms from now on. */
export function createReplica(origin: string, { clock, log, host, nextOrder, describe }: ReplicaOptions): Replica {
  const [pool, probe] = [new Pool(origin, LIMITS), createProbe(origin, { clock, host })]
  const condition = createCondition(log.child({ origin }), nextOrder)
  const [ending, first] = [new AbortController(), Promise.withResolvers<void>()]
  let [busy, streams, isDescribed] = [0, 0, false]

  const watch = async () => {
    for (;;) {
      await look(probe, condition)
      first.resolve()
      if (condition.fitness === 'away') isDescribed = false
      else if (!isDescribed) isDescribed = await handedOver(probe.document(), describe)
      await clock.sleep(LOOK_EVERY_MS, ending.signal)
    }
  }
  watch().catch(() => probe.end())
  return {
    condition,
    get busy() {
      return busy
    },
    get streams() {
      return streams
    },
    seen: first.promise,
    async ask(question, { limitMs, signal }) {
      const headers = { ...question.headers, host }
      busy++
      return await call(pool, { ...question, headers }, { clock, limitMs, signal }).finally(() => busy--)
    },
    async open(question, { limitMs, signal }) {
      const headers = { ...question.headers, host }
      const opened = await open(new URL(origin), { ...question, headers }, { clock, limitMs, signal })
      const stream = isTunnel(opened) ? opened.socket : isFlow(opened) ? opened.body : undefined
      if (stream !== undefined) {
        streams++
        stream.once('close', () => streams--)
      }
      return opened
    },
    end() {
      ending.abort()
      pool.close().catch(() => undefined)
    },
  }
}

const LOOK_EVERY_MS = 250

const LIMITS = {
  connections: 128,
  connectTimeout: 2_000,
  // `call` limits the whole of it.
  headersTimeout: 0,
  bodyTimeout: 0,
  maxResponseSize: 8 * 2 ** 20,
}

async function look(probe: Probe, condition: ConditionKeeper): Promise<void> {
  try {
    condition.said(await readinessOf(probe))
  } catch (error) {
    condition.silent(isLate(error) ? 'late' : 'gone')
  }
}

/** Asked once more when it breaks off: where several processes have one address, the next takes the next connection. */
async function readinessOf(probe: Probe): Promise<Readiness> {
  try {
    return await probe.readiness()
  } catch (error) {
    if (isLate(error)) throw error
    return await probe.readiness()
  }
}

const isLate = (error: unknown) => error instanceof CallError && error.why === 'late'

async function handedOver(document: Promise<unknown>, describe: (document: unknown) => void): Promise<boolean> {
  try {
    describe(await document)
    return true
  } catch {
    return false
  }
}
