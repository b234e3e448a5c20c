import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface KeeperOptions {
  /** Stands before each of its lines. */
  name: string
  /** The file that Node runs. */
  program: string
  env: NodeJS.ProcessEnv
  say: (line: string) => void
}

/** A process that is started again whenever it ends by itself. */
export interface Keeper {
  /** Resolves when starting it again is no use: its configuration is wrong. */
  readonly misconfigured: Promise<string>
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>
}

export function keepProcess({ name, program, env, say }: KeeperOptions): Keeper {
  const misconfigured = Promise.withResolvers<string>()
  const tell = (line: string) => say(`${name.padEnd(NAME_WIDTH)} | ${line}`)
  const life: { child: ChildProcess; again?: NodeJS.Timeout; stopping: boolean } = { child: start(), stopping: false }

  function start(): ChildProcess {
    const child = launch(program, env, tell)
    tell(`started, process ${child.pid}`)
    return child.once('close', (code, signal) => {
      if (life.stopping) return
      if (code === MISCONFIGURED) return misconfigured.resolve(name)
      tell(`ended by itself (${signal ?? code}), starts again`)
      life.again = setTimeout(() => (life.child = start()), AGAIN_AFTER_MS)
    })
  }

  return {
    misconfigured: misconfigured.promise,
    async stop() {
      life.stopping = true
      clearTimeout(life.again)
      await ended(life.child)
    },
  }
}

const NAME_WIDTH = 'query-api-1'.length

/** With which a process of ours ends whose configuration is wrong. */
const MISCONFIGURED = 2

const AGAIN_AFTER_MS = 1_000

// A process of ours ends within 10 s.
const PATIENCE_MS = 12_000

function launch(program: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): ChildProcess {
  // In a group of its own, as Ctrl-C is for us, who stop all in order; by the channel's end it sees that we are gone.
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
  for (const input of [child.stdout, child.stderr])
    if (input !== null) createInterface({ input }).on('line', (line) => tell(inWords(line)))
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  child.kill('SIGTERM')
  await once(child, 'close')
  clearTimeout(force)
}

const LEVELS: Record<number, string> = { 40: 'WARN ', 50: 'ERROR ', 60: 'FATAL ' }

/** A line of a log for a reader who sees when and from whom it comes. */
function inWords(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { level, time: _time, pid: _pid, hostname: _host, name: _name, msg, ...rest } = JSON.parse(line)
    const facts = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
    return `${LEVELS[level] ?? ''}${msg}${facts}`
  } catch {
    return line
  }
}
