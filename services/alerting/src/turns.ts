/** Runs the tasks of one key one after the other, in the order they were asked for; different keys do not wait for each other. */
export type Turn = <T>(key: string, task: () => Promise<T>) => Promise<T>

export function createTurns(): Turn {
  const tails = new Map<string, Promise<void>>()
  return (key, task) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(task)
    const tail = result.then(noop, noop).then(() => {
      if (tails.get(key) === tail) tails.delete(key)
    })
    tails.set(key, tail)
    return result
  }
}

const noop = () => undefined
