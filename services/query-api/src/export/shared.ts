/** The work under way for `key`, or what `begin` begins. */
export type Share<T> = (key: string, caller: AbortSignal, begin: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** Does equal work that several ask for at the same time once. It is given up when none of its callers waits for it any more. */
export function createShared<T>(): Share<T> {
  const underWay = new Map<string, Work<T>>()
  return (key, caller, begin) => {
    const work = underWay.get(key) ?? createWork(begin, () => underWay.get(key) === work && underWay.delete(key))
    underWay.set(key, work)
    return work.join(caller)
  }
}

interface Work<T> {
  join(caller: AbortSignal): Promise<T>
}

function createWork<T>(begin: (signal: AbortSignal) => Promise<T>, ended: () => void): Work<T> {
  const [stop, state] = [new AbortController(), { callers: 0 }]
  const done = begin(stop.signal).finally(ended)
  const leave = () => {
    state.callers--
    if (state.callers > 0) return
    // Whoever asks from now on must not join what was given up.
    ended()
    stop.abort(UNWANTED)
  }
  return {
    join(caller) {
      state.callers++
      whenGone(caller, leave)
      return done
    },
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const UNWANTED = Symbol('unwanted')

/** What comes of the work, or undefined as soon as the caller has gone: whatever is kept for him need not wait for its end. */
export const untilGone = <T>(work: Promise<T>, caller: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    work.then(resolve, reject)
    whenGone(caller, () => resolve(undefined))
  })

function whenGone(caller: AbortSignal, act: () => void): void {
  if (caller.aborted) act()
  else caller.addEventListener('abort', act, { once: true })
}
