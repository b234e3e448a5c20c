/** Resolves when `wait` does; rejects with the signal's reason if it is aborted before. */
export function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const aborted = () => reject(signal.reason as Error)
    signal.addEventListener('abort', aborted, { once: true })
    void wait.then(() => {
      signal.removeEventListener('abort', aborted)
      resolve()
    })
  })
}
