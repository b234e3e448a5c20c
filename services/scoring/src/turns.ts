/** Runs what it is given one after the other, in the order of asking, for each `lane`; different lanes wait for none. */
export interface Turns {
  take<T>(lane: number, work: () => Promise<T>): Promise<T>
  /** Resolves when everything that was asked for is done. */
  done(): Promise<void>
}

export function createTurns(): Turns {
  const last = new Map<number, Promise<unknown>>()
  return {
    take(lane, work) {
      const done = (last.get(lane) ?? Promise.resolve()).then(work)
      last.set(
        lane,
        done.catch(() => undefined),
      )
      return done
    },
    async done() {
      await Promise.all(last.values())
    },
  }
}
