/** The work under way for `key`, or what `begin` begins. */
type Join<T> = (key: string, caller: AbortSignal, begin: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** Does equal work that several ask for at the same time once. It is given up when none of its callers waits for it any more. */
export function createFlights<T>(): Join<T> {
  const flights = new Map<string, Flight<T>>()
  return (key, caller, begin) => {
    const flight = flights.get(key) ?? createFlight(begin, () => flights.get(key) === flight && flights.delete(key))
    flights.set(key, flight)
    return flight.join(caller)
  }
}

interface Flight<T> {
  join(caller: AbortSignal): Promise<T>
}

function createFlight<T>(begin: (signal: AbortSignal) => Promise<T>, ended: () => void): Flight<T> {
  const stop = new AbortController()
  const done = begin(stop.signal).finally(ended)
  let callers = 0
  const leave = () => {
    callers--
    if (callers > 0) return
    // Whoever asks from now on must not join what was given up.
    ended()
    stop.abort(UNWANTED)
  }
  return {
    join(caller) {
      callers++
      if (caller.aborted) leave()
      else caller.addEventListener('abort', leave, { once: true })
      return done
    },
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const UNWANTED = Symbol('unwanted')
