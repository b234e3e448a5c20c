import type { Clock } from '@crypto-signals/clock'
import { receiptOf } from '@crypto-signals/contracts'
import type { Readiness } from '@crypto-signals/service'
import type { Logger } from 'pino'
import { originsOf } from './addresses.ts'
import type { Fitness } from './condition.ts'
import { createReplica, type Replica } from './replica.ts'

/** All processes of a service that are known. */
export interface Replicas {
  /** Resolves when each was looked at for the first time, or could not be found. */
  start(): Promise<void>
  stop(): void
  /** The one to ask with the least `load`, not `than`, whose data are as new as any; undefined if nobody is there. */
  other(load: (replica: Replica) => number, than?: Replica): Replica | undefined
  /** The newest version that one of those that would be asked has. */
  newestVersion(): string | undefined
  /** How the service is: as the one with the newest data says, or why there is none to ask. */
  readiness(): Readiness
  count(): { ready: number; known: number }
}

export interface ReplicasOptions {
  clock: Clock
  log: Logger
  describe: (document: unknown) => void
}

/** The replicas at the addresses; a name is resolved again every 5 s, and each address behind it is a replica. */
export function createReplicas(addresses: readonly URL[], { clock, log, describe }: ReplicasOptions): Replicas {
  const known = new Map<string, Replica>()
  const ending = new AbortController()
  let [order, turn] = [0, 0]
  const nextOrder = () => ++order

  const meet = async (url: URL, before: readonly string[]) => {
    const origins = await originsOf(url).catch(() => before)
    ending.signal.throwIfAborted()
    for (const origin of origins) {
      if (!known.has(origin))
        known.set(origin, createReplica(origin, { clock, log, host: url.host, nextOrder, describe }))
    }
    for (const origin of before.filter((one) => !origins.includes(one))) {
      known.get(origin)?.end()
      known.delete(origin)
    }
    return origins
  }
  const follow = async (url: URL, met: readonly string[]) => {
    for (;;) {
      await clock.sleep(met.length === 0 ? FIND_AGAIN_MS : RESOLVE_EVERY_MS, ending.signal)
      met = await meet(url, met)
    }
  }
  const all = () => [...known.values()]
  return {
    async start() {
      const met = await Promise.all(addresses.map(async (url) => [url, await meet(url, [])] as const))
      for (const [url, origins] of met) follow(url, origins).catch(() => undefined)
      await Promise.all(all().map(({ seen }) => seen))
    },
    stop() {
      ending.abort()
      for (const replica of known.values()) replica.end()
    },
    other(load, than) {
      return leastLoaded(upToDate(fittest(all().filter((one) => one !== than))), load, turn++)
    },
    newestVersion: () => newestOf(fittest(all()))?.condition.version?.name,
    readiness: () => newestOf(fittest(all()))?.condition.readiness ?? absence(all()),
    count: () => ({ ready: ofFitness(all(), 'ready').length, known: known.size }),
  }
}

const RESOLVE_EVERY_MS = 5_000
const FIND_AGAIN_MS = 250

const ofFitness = (replicas: readonly Replica[], fitness: Fitness) =>
  replicas.filter(({ condition }) => condition.fitness === fitness)

/** Those that are ready; if there are none, those that were a moment ago. */
function fittest(replicas: readonly Replica[]): Replica[] {
  const ready = ofFitness(replicas, 'ready')
  return ready.length > 0 ? ready : ofFitness(replicas, 'suspect')
}

/** Those whose data are as new as those of any other, but for `BEHIND_MS`: a caller does not see data go back further. */
function upToDate(replicas: readonly Replica[]): Replica[] {
  const newestMs = Math.max(...replicas.map(receiptIn))
  return replicas.filter((one) => receiptIn(one) >= newestMs - BEHIND_MS)
}

// While a sweep comes in, each replica takes a batch in some 100 ms after the other, and that it did so is known up to 250 ms
// later. Were those few hundred ms not forgiven, whichever is ahead at the moment would have to answer everybody.
const BEHIND_MS = 1_000

/** When the newest of what it holds was received; all are equal where data have no version. */
const receiptIn = ({ condition: { version } }: Replica): number => receiptOf(version?.name ?? '')

/** Those that are equally loaded take turns. */
function leastLoaded(
  replicas: readonly Replica[],
  load: (replica: Replica) => number,
  turn: number,
): Replica | undefined {
  const inTurn = replicas.map((_, i) => replicas[(turn + i) % replicas.length] as Replica)
  return inTurn.reduce<Replica | undefined>(
    (least, one) => (least && load(least) <= load(one) ? least : one),
    undefined,
  )
}

/** The one with the newest data; while a batch is taken in, replicas pass through versions of one receipt, and the last one met counts. */
function newestOf(replicas: readonly Replica[]): Replica | undefined {
  const rank = (one: Replica) => [receiptIn(one), one.condition.version?.order ?? 0] as const
  return replicas.reduce<Replica | undefined>((newest, one) => {
    if (newest === undefined) return one
    const [[receipt, order], [newestReceipt, newestOrder]] = [rank(one), rank(newest)]
    return receipt > newestReceipt || (receipt === newestReceipt && order > newestOrder) ? one : newest
  }, undefined)
}

function absence(replicas: readonly Replica[]): Readiness {
  const reasons = replicas.flatMap(({ condition }) => condition.readiness?.reasons ?? [])
  return { ready: false, reasons: reasons.length > 0 ? [...new Set(reasons)] : ['does not answer'], counts: {} }
}
