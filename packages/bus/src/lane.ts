/**
 * What waits for the workers of one group, oldest first. Each item goes to one worker, a worker has one at a time, and of
 * each partition only one is in hand.
 */
export interface Lane<T> {
  /** Never runs a worker's code itself. Items without a partition wait for no other. */
  push(item: T, partition: number | undefined): void
  /** Resolves when so few items are unhandled that one more may be pushed. */
  room(): Promise<void>
  join(work: Work<T>): Seat
  /** Those that wait and those that are being handled. */
  readonly unhandled: number
  /** Whether every worker has left. */
  readonly abandoned: boolean
}

/** Handles one item and never rejects; `leaving` is aborted when the worker should come to an end. */
export type Work<T> = (item: T, leaving: AbortSignal) => Promise<void>

interface Seat {
  /** Takes no more items, or as the last one only those that wait; resolves when it is done with them. */
  leave(): Promise<void>
}

export function createLane<T>(breathe: () => Promise<void>): Lane<T> {
  const state: State<T> = {
    waiting: [],
    inHand: new Set(),
    unhandled: 0,
    workers: new Set(),
    roomMade: undefined,
    breathe,
  }
  return {
    push(item, partition) {
      state.waiting.push({ item, partition })
      state.unhandled++
      wake(state)
    },
    room: () => room(state),
    join: (work) => join(state, work),
    get unhandled() {
      return state.unhandled
    },
    get abandoned() {
      return state.workers.size === 0
    },
  }
}

interface State<T> {
  waiting: Waiting<T>[]
  /** The partitions of which an item is being handled. */
  inHand: Set<number>
  unhandled: number
  workers: Set<Worker<T>>
  roomMade: (() => void) | undefined
  breathe: () => Promise<void>
}

interface Waiting<T> {
  item: T
  partition: number | undefined
}

interface Worker<T> {
  work: Work<T>
  leaving: AbortController
  /** Undefined while it has nothing to do. */
  running: Promise<void> | undefined
}

// Enough to keep everybody busy; a whole market in the queue would cost more memory than the market that is served.
const MAX_UNHANDLED = 100

async function room<T>(state: State<T>): Promise<void> {
  while (state.unhandled >= MAX_UNHANDLED && state.workers.size > 0) {
    await new Promise<void>((resolve) => {
      state.roomMade = resolve
    })
  }
}

function join<T>(state: State<T>, work: Work<T>): Seat {
  const worker: Worker<T> = { work, leaving: new AbortController(), running: undefined }
  state.workers.add(worker)
  wake(state)
  return {
    async leave() {
      state.workers.delete(worker)
      worker.leaving.abort()
      state.roomMade?.()
      await worker.running
    },
  }
}

function wake<T>(state: State<T>): void {
  for (const worker of state.workers) worker.running ??= run(state, worker)
}

async function run<T>(state: State<T>, worker: Worker<T>): Promise<void> {
  const mayTake = () => state.workers.has(worker) || state.workers.size === 0
  await nextTurn()
  for (;;) {
    const next = mayTake() ? take(state) : undefined
    if (next === undefined) break
    await worker.work(next.item, worker.leaving.signal)
    putDown(state, next)
    await state.breathe()
  }
  worker.running = undefined
}

/** The oldest of a partition that nobody has in hand. */
function take<T>({ waiting, inHand }: State<T>): Waiting<T> | undefined {
  const isFree = ({ partition }: Waiting<T>) => partition === undefined || !inHand.has(partition)
  const index = waiting.findIndex(isFree)
  const [next] = index < 0 ? [] : waiting.splice(index, 1)
  if (next?.partition !== undefined) inHand.add(next.partition)
  return next
}

function putDown<T>(state: State<T>, { partition }: Waiting<T>): void {
  state.unhandled--
  state.roomMade?.()
  if (partition === undefined) return
  state.inHand.delete(partition)
  // Others may have found only what had to wait for this.
  wake(state)
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
