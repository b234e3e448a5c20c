/** Resolves with what came of the work, or with undefined when too many wait; rejects when the signal says that nobody wants it any more. */
export type InTurn = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T | undefined>

/** One piece of work after the other, while at most `limit` wait. Work that nobody wants any more gives its place away at once and is not begun. */
export function createTurns(limit: number): InTurn {
  const waiting = new Set<() => void>()
  let isTaken = false
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        waiting.delete(begin)
        resolve()
      }
      waiting.add(begin)
      signal.addEventListener('abort', () => waiting.delete(begin) && reject(signal.reason), { once: true })
    })
  const passOn = () => {
    const [next] = waiting
    isTaken = next !== undefined
    next?.()
  }
  return async (work, signal) => {
    if (isTaken && waiting.size >= limit) return undefined
    if (isTaken) await turn(signal)
    isTaken = true
    try {
      // Its turn may have come just before.
      signal.throwIfAborted()
      return await work()
    } finally {
      passOn()
    }
  }
}
