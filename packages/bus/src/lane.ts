/** What waits for the workers of one group, oldest first. Each item goes to one worker, and a worker has one at a time. */
export interface Lane<T> {
  /** Never runs a worker's code itself. */
  push(item: T): void
  /** Resolves when so few items are unhandled that one more may be pushed. */
  room(): Promise<void>
  join(work: Work<T>): Seat
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
  const state: State<T> = { waiting: [], unhandled: 0, workers: new Set(), roomMade: undefined, breathe }
  return {
    push(item) {
      state.waiting.push(item)
      state.unhandled++
      wake(state)
    },
    room: () => room(state),
    join: (work) => join(state, work),
    get abandoned() {
      return state.workers.size === 0
    },
  }
}

interface State<T> {
  waiting: T[]
  /** Those that wait and those that are being handled. */
  unhandled: number
  workers: Set<Worker<T>>
  roomMade: (() => void) | undefined
  breathe: () => Promise<void>
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
  while (state.waiting.length > 0 && mayTake()) {
    await worker.work(state.waiting.shift() as T, worker.leaving.signal)
    state.unhandled--
    state.roomMade?.()
    await state.breathe()
  }
  worker.running = undefined
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
