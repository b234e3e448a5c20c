/** Resolves when this process is asked to stop, or whoever started it is gone. Asked once more, it ends at once. */
export function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const asked = () => {
      firstAt ??= performance.now()
      if (performance.now() - firstAt > SAME_REQUEST_WITHIN_MS) process.exit(130)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked)
    if (process.connected) process.once('disconnect', asked)
  })
}

// A terminal, and npm or a parent that passes signals on, may each send the same one.
const SAME_REQUEST_WITHIN_MS = 1_000
