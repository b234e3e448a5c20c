export type Urgency = 'urgent' | 'patient' | 'idle'

/** Lets one task run at a time; of those that wait the urgent ones go before the patient ones, and the idle ones last. */
export interface CallQueue {
  run<T>(urgency: Urgency, task: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createCallQueue(): CallQueue {
  const waiting: Record<Urgency, Set<() => void>> = { urgent: new Set(), patient: new Set(), idle: new Set() }
  let busy = false

  const turn = (urgency: Urgency, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      if (!busy) {
        busy = true
        return resolve()
      }
      const aborted = () => {
        waiting[urgency].delete(wake)
        reject(signal.reason as Error)
      }
      const wake = () => {
        signal.removeEventListener('abort', aborted)
        resolve()
      }
      waiting[urgency].add(wake)
      signal.addEventListener('abort', aborted, { once: true })
    })

  const next = () => {
    for (const waiters of [waiting.urgent, waiting.patient, waiting.idle]) {
      for (const wake of waiters) {
        waiters.delete(wake)
        return wake()
      }
    }
    busy = false
  }

  return {
    async run(urgency, task, signal) {
      await turn(urgency, signal)
      try {
        return await task()
      } finally {
        next()
      }
    },
  }
}
