import cluster from 'node:cluster'
import { setTimeout } from 'node:timers/promises'
import { type Clock, systemClock } from '@crypto-signals/clock'
import type { Static, TObject } from '@sinclair/typebox'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { ConfigError, loadConfig } from './config.ts'
import { keepHeapSmall } from './heap.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Server } from './server.ts'

/** What a process is made with. */
export interface Surroundings {
  clock: Clock
  log: Logger
  metrics: Registry
  /** Aborted when the process is asked to stop: nothing that is not there yet is waited for any longer. */
  stopping?: AbortSignal
}

/** A process, wired and not yet at work. */
export interface Process {
  server: Server
  /** Resolves when there is something to serve; only then is the port opened. */
  start(): Promise<void>
  /** What to tell whoever started it, given the address it listens on. */
  greeting: (address: string) => string
  /** Called as soon as it is asked to stop, while callers are still answered: ends the work that none of them waits for. */
  retire?(): Promise<void>
  /** Called after the port was closed and the requests under way were answered: ends all that still goes on. */
  stop(): Promise<void>
}

interface ProcessConfig {
  HOST: string
  PORT: number
  LOG_LEVEL: string
  LOG_DIR?: string
}

interface RunOptions {
  /** How far the heap grows before V8 looks for garbage, see `keepHeapSmall`. */
  heapGrowingPercent?: number
}

/** Runs one process to its end: configuration, log, wiring, port, and on SIGTERM or SIGINT a graceful stop within 10 s. */
export async function run<S extends TObject>(
  name: string,
  schema: S,
  build: (config: Static<S>, surroundings: Surroundings) => Promise<Process>,
  { heapGrowingPercent = 20 }: RunOptions = {},
): Promise<void> {
  keepHeapSmall(heapGrowingPercent)
  const config = orExit(() => loadConfig(schema, process.env))
  const { HOST, PORT, LOG_LEVEL, LOG_DIR } = config as unknown as ProcessConfig
  const { log, close } = orExit(() => createLog({ name, level: LOG_LEVEL, dir: LOG_DIR }))
  const life: Life = { stopping: new AbortController(), undone: new Set() }
  const { stopping } = life
  const onTimeout = () => log.fatal({ waitingFor: [...life.undone] }, 'did not stop in time')
  const limits = { delay: STOP_WITHIN_MS, onTimeout, skip: [...SIGNALS] }
  const grace = closeWithGrace({ ...limits, logger: false }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopping after an error')
    await end(life, err ? 0 : DRAIN_MS).then(
      () => log.info('stopped'),
      (fault: unknown) => {
        log.fatal({ err: fault }, 'did not stop in order')
        throw fault
      },
    )
    await close()
  })
  onStopRequest((signal) => {
    log.info({ signal }, 'stopping')
    grace.close()
  })
  const surroundings = { clock: systemClock, log, metrics: createMetrics(), stopping: stopping.signal }
  // Timers of ours and of the engines keep no process alive, and one that waits for its engines may have nothing else.
  const awake = setInterval(() => undefined, LONG_MS)
  try {
    life.building = build(config, surroundings)
    life.process = await life.building
    await life.process.start()
    const { server, greeting } = life.process
    if (!stopping.signal.aborted) await server.listen({ host: HOST, port: PORT, listenTextResolver: greeting })
    clearInterval(awake)
    // A supervisor may wait for this before it ends the one that is to be replaced.
    if (process.connected) process.send?.('ready')
  } catch (err) {
    // Whoever asked it to stop meanwhile is ending it already.
    if (stopping.signal.aborted) return
    // What an operator can mend has a code, and a message that says it all.
    const { code, message } = err as NodeJS.ErrnoException
    log.fatal(code === undefined ? { err } : { code }, `cannot start: ${message}`)
    await life.process?.stop()
    await close()
    process.exit(1)
  }
}

const LONG_MS = 2 ** 30

interface Life {
  /** Aborted when nothing is waited for any longer. */
  stopping: AbortController
  building?: Promise<Process>
  process?: Process
  /** What the stop waits for. */
  undone: Set<string>
}

async function end({ stopping, building, undone, ...life }: Life, drainMs: number): Promise<void> {
  const waitFor = async <T>(name: string, work: Promise<T> | undefined) => {
    undone.add(name)
    const done = await work
    undone.delete(name)
    return done
  }
  stopping.abort(new Error('the process is stopping'))
  // What is being built closes what it has opened.
  const built = building?.catch(() => undefined)
  const process = life.process ?? (await waitFor('start', built))
  if (process === undefined) return
  await Promise.all([waitFor('work', process.retire?.()), waitFor('callers', close(process.server, drainMs))])
  await waitFor('engines', process.stop())
}

// Below the 10 s after which an orchestrator loses patience.
const STOP_WITHIN_MS = 9_000

// Long enough for whoever shares the traffic out to see that this process is not ready any more.
const DRAIN_MS = 1_000

// For the answers under way; who takes longer to ask or to read has to come back.
const CLOSE_WITHIN_MS = 2_000

/** Goes on answering for a moment, and asks every caller to come back elsewhere; then closes the port, and soon all that is still open. */
async function close(server: Server, drainMs: number): Promise<void> {
  if (server.server.listening) {
    server.draining = true
    await setTimeout(drainMs)
  }
  const closed = new AbortController()
  setTimeout(CLOSE_WITHIN_MS, undefined, { signal: closed.signal }).then(
    () => server.dropConnections(),
    () => undefined,
  )
  await server.close()
  closed.abort()
  if (cluster.isWorker) await setTimeout(HAND_BACK_MS)
}

// What the primary handed to this worker while its port closed goes back to it, and to another worker; a worker that ended in
// that moment would leave those callers waiting for ever.
const HAND_BACK_MS = 1_000

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

// npm, a terminal and a supervisor may each pass the same signal on.
const SAME_SIGNAL_WITHIN_MS = 1_000

/** Calls `stop` at the first signal, or when the process that started this one is gone. A later signal ends at once. */
function onStopRequest(stop: (signal: string) => void): void {
  let firstAt: number | undefined
  const asked = (signal: string) => {
    if (firstAt === undefined) {
      firstAt = performance.now()
      stop(signal)
    } else if (performance.now() - firstAt > SAME_SIGNAL_WITHIN_MS) process.exit(1)
  }
  for (const signal of SIGNALS) process.on(signal, asked)
  if (process.connected) process.once('disconnect', () => asked('parent gone'))
}

/** What `make` makes; a fault of the configuration ends the process with status 2. */
function orExit<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(2)
  }
}
