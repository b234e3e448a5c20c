import type { Answer } from '../question.ts'

type Begin = (signal: AbortSignal) => Promise<Answer>

/** Makes one of equal questions that are asked at the same time: the answer under way for `key`, or a new one. */
export type Join = (key: string, signal: AbortSignal, begin: Begin) => Promise<Answer>

/** An answer under way is given up when none of its callers waits for it any more. */
export function createFlights(): Join {
  const flights = new Map<string, Flight>()
  const take = (key: string, begin: Begin) => {
    const flight = createFlight(begin, () => flights.get(key) === flight && flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  return (key, signal, begin) => (flights.get(key) ?? take(key, begin)).join(signal)
}

interface Flight {
  join(signal: AbortSignal): Promise<Answer>
}

function createFlight(begin: Begin, ended: () => void): Flight {
  const stop = new AbortController()
  const answer = begin(stop.signal).finally(ended)
  let callers = 0
  const leave = () => {
    callers--
    if (callers > 0) return
    // Whoever asks from now on must not join one that was given up.
    ended()
    stop.abort(UNWANTED)
  }
  return {
    join(signal) {
      callers++
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      return answer
    },
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const UNWANTED = Symbol('unwanted')
