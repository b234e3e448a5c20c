/** Where many wait for one thing, oldest first; whoever gives up leaves nothing behind. */
export interface WaitingRoom {
  /** Rejects with the signal's reason when it is aborted first. */
  wait(signal: AbortSignal): Promise<void>
  /** Lets the oldest go on; false if nobody waits. */
  releaseOne(): boolean
  releaseAll(): void
}

export function createWaitingRoom(): WaitingRoom {
  const waiting = new Set<() => void>()
  const releaseOne = () => {
    const [oldest] = waiting
    if (oldest === undefined) return false
    waiting.delete(oldest)
    oldest()
    return true
  }
  return {
    async wait(signal) {
      signal.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const leave = () => {
        waiting.delete(resolve)
        reject(signal.reason)
      }
      waiting.add(resolve)
      signal.addEventListener('abort', leave, { once: true })
      await promise.finally(() => signal.removeEventListener('abort', leave))
    },
    releaseOne,
    releaseAll() {
      while (releaseOne());
    },
  }
}
