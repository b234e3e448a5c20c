import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { until } from './eventually.ts'
import { freePort } from './free-port.ts'
import { dirFor } from './temp-dir.ts'

/** A real server that speaks MongoDB's protocol. */
export interface MongoServer extends AsyncDisposable {
  /** `mongodb://...` without a database. */
  readonly url: string
  /** The address of a database of a name of its own, which is empty. */
  freshDatabase(): string
  /** Ends it; resolves when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Resolves when the process that runs now has ended, for whatever reason. */
  ended(): Promise<void>
  /** Stops it where it is; resolves when it stands still. */
  freeze(): Promise<void>
  /** Lets it go on. */
  thaw(): void
  /** Starts it again on the same port, with what it had stored. */
  restart(): Promise<void>
}

export const MONGO_SERVER_MISSING =
  'no MongoDB: set MONGODB_URI, install mongod (brew install mongodb-community), or pip install SecantusDB so that secantusd-py is on the PATH'

/**
 * That of MONGODB_URI, unless the test must be able to stop it; otherwise `mongod` or `secantusd-py` from the PATH on a free port.
 * Null where there is none: what needs it is then skipped, saying `MONGO_SERVER_MISSING`. With REQUIRE_SERVERS=1 it rejects instead.
 */
export async function startMongoServer(options: MongoServerOptions = {}): Promise<MongoServer | null> {
  const { MONGODB_URI, REQUIRE_SERVERS } = process.env
  if (MONGODB_URI && !options.stoppable) return remote(MONGODB_URI)
  const dir = await dirFor(options.dir)
  const port = options.port ?? (await freePort())
  for (const { name, args } of PROGRAMS) {
    const start = () => launch({ program: name, args: args(port, dir.path), port, detached: options.dir !== undefined })
    const child = await start().catch(nullIfMissing)
    if (child !== null) return local({ port, child, start, dir })
  }
  await dir[Symbol.asyncDispose]()
  if (REQUIRE_SERVERS === '1') throw new Error(MONGO_SERVER_MISSING)
  return null
}

interface MongoServerOptions {
  /** One of our own, even if MONGODB_URI names one. */
  stoppable?: boolean
  /** Any free one by default. */
  port?: number
  /** Where it keeps its data for the next time; it then is no part of the terminal's foreground, whose Ctrl-C is not for it. */
  dir?: string
}

const PROGRAMS = [
  {
    name: 'mongod',
    args: (port: number, dir: string) => ['--bind_ip', '127.0.0.1', '--port', `${port}`, '--dbpath', dir],
  },
  {
    name: 'secantusd-py',
    args: (port: number, dir: string) => [
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--storage-path',
      join(dir, 'data'),
      '--sync-on-commit',
    ],
  },
]

interface Local {
  port: number
  child: ChildProcess
  start: () => Promise<ChildProcess>
  dir: AsyncDisposable
}

function local({ port, child, start, dir }: Local): MongoServer {
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`
  const kill = (signal: NodeJS.Signals = 'SIGKILL') => stop(child, signal)
  return {
    url,
    freshDatabase: () => databaseOf(url),
    kill,
    ended: () => ended(child),
    freeze: () => freeze(child),
    thaw: () => void child.kill('SIGCONT'),
    restart: async () => {
      await kill()
      child = await start()
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await dir[Symbol.asyncDispose]()
    },
  }
}

function remote(url: string): MongoServer {
  const refuse = (): never => {
    throw new Error('this server is not ours to stop: start one with { stoppable: true }')
  }
  return {
    url,
    freshDatabase: () => databaseOf(url),
    kill: async () => refuse(),
    ended: async () => refuse(),
    freeze: async () => refuse(),
    thaw: refuse,
    restart: async () => refuse(),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** Puts a new name into the place of the database in the address. */
function databaseOf(url: string): string {
  const [, hosts, query = ''] = /^(\w+(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? []
  return `${hosts}/test_${randomBytes(6).toString('hex')}${query}`
}

const START_TIMEOUT_MS = 20_000

interface Launch {
  program: string
  args: string[]
  port: number
  detached: boolean
}

async function launch({ program, args, port, detached }: Launch): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached })
  await once(child, 'spawn')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let said = ''
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  }
  const isListening = async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${program} ended: ${said}`)
    return connects(port)
  }
  await until(isListening, { timeoutMs: START_TIMEOUT_MS })
  return child
}

async function connects(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  const answer = await Promise.race([once(socket, 'connect'), once(socket, 'close').then(() => null)]).catch(() => null)
  socket.destroy()
  return answer !== null
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await ended(child)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP')
  // A signal takes its time. Where there is no /proc, we can only trust that it came.
  const stateOf = () => readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => ' T ')
  await until(async () => / T /.test(await stateOf()))
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error
  return null
}
