#!/usr/bin/env node
import { createClient } from '@crypto-signals/client'
import { run } from './run.ts'

// Whoever reads may have seen enough: `| head`.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

process.exitCode = await run(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  keys: process.stdin,
  env: process.env,
  untilStopped,
  now: Date.now,
  clientOf: (baseUrl) => createClient({ baseUrl }),
})

/** Aborted by Ctrl-C and the like, which from then on do not end the process; a second one does. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (stopping.signal.aborted ? process.exit(1) : stopping.abort()))
  return stopping.signal
}
