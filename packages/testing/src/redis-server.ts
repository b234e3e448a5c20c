import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { until } from './eventually.ts'
import { freePort } from './free-port.ts'
import { dirFor } from './temp-dir.ts'

/** A real Redis server on loopback that keeps nothing on disk: it is empty after each start. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Ends it with -9; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves when the process that runs now has ended, for whatever reason. */
  ended(): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
  /** Lets it stand still: connections stay, nobody answers. */
  freeze(): void
  thaw(): void
}

interface RedisServerOptions {
  /** Any free one by default. */
  port?: number
  /** Where it runs; it then is no part of the terminal's foreground, whose Ctrl-C is not for it. */
  dir?: string
}

const PROGRAM = 'redis-server'
export const REDIS_SERVER_MISSING = `${PROGRAM} is not on the PATH: apt-get install ${PROGRAM}, or brew install redis`

/** Null where no `redis-server` is on the PATH: what needs it is then skipped, saying `REDIS_SERVER_MISSING`. With REQUIRE_SERVERS=1 it rejects instead. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer | null> {
  const dir = await dirFor(options.dir)
  const taken = options.port ?? (await freePort())
  const start = () => launch(taken, dir.path, options.dir !== undefined)
  const first = await start().catch(async (error: unknown) => {
    await dir[Symbol.asyncDispose]()
    return nullIfMissing(error)
  })
  if (first === null) return null
  let running = first
  const kill = () => stop(running)
  return {
    url: `redis://127.0.0.1:${taken}`,
    kill,
    ended: () => ended(running),
    async restart() {
      await kill()
      running = await start()
    },
    freeze: () => void running.kill('SIGSTOP'),
    thaw: () => void running.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill()
      await dir[Symbol.asyncDispose]()
    },
  }
}

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(REDIS_SERVER_MISSING, { cause: error })
  return null
}

const START_TIMEOUT_MS = 20_000

async function launch(port: number, dir: string, detached: boolean): Promise<ChildProcess> {
  const args = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--save', '', '--appendonly', 'no']
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'ignore'], detached })
  await once(child, 'spawn')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)))

  const isHealthy = async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${PROGRAM} ended: ${said}`)
    return await answers(port)
  }
  await until(isHealthy, { timeoutMs: START_TIMEOUT_MS })
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await ended(child)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Whether it is asked and answers; -LOADING and the like are no answer. */
const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false)).once('close', () => resolve(false))
  })
