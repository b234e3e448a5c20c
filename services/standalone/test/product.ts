import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { bareEnvironment, freePort, until } from '@crypto-signals/testing'

/** The product as an operator runs it: a process of its own. */
export interface Product extends AsyncDisposable {
  url: string
  /** What it wrote so far, line by line. */
  lines: string[]
  /** Status and body of a JSON answer; status 0 while nothing listens. */
  ask: (path: string, init?: RequestInit) => Promise<{ status: number; body: any }>
  kill(signal: NodeJS.Signals): void
  /** Exit code, or the signal's name. */
  exited: Promise<number | string>
}

export { freePort }

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAM = [process.execPath, '--optimize-for-size', join(import.meta.dirname, '../src/main.ts')]

/** Starts the product with exactly these settings, nothing of this process's own. */
export async function startProduct(settings: Record<string, string>, command = PROGRAM): Promise<Product> {
  const port = settings.PORT ?? String(await freePort())
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...bareEnvironment(), ...settings, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => lines.push(...String(chunk).split('\n')))
  const exited = new Promise<number | string>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? String(signal))),
  )
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    lines,
    ask: (path, init) => ask(`${url}${path}`, init),
    kill: (signal) => void child.kill(signal),
    exited,
    [Symbol.asyncDispose]: () => ended(child, exited),
  }
}

/** How long a start may take on the busiest machine. */
export const START_MS = 120_000

/** Waits until the product listens; rejects with what it wrote when it does not, at once when it has ended. */
export async function listening({ ask, exited, lines }: Product): Promise<void> {
  let ended: number | string | undefined
  void exited.then((how) => {
    ended = how
  })
  const listens = async () => ended !== undefined || (await ask('/livez')).status === 200
  await until(listens, { timeoutMs: START_MS }).catch((error) => {
    throw new Error(`${error}\n${lines.join('\n')}`)
  })
  if (ended !== undefined) throw new Error(`ended with ${ended} before it listened\n${lines.join('\n')}`)
}

async function ask(url: string, init?: RequestInit) {
  try {
    const answer = await fetch(url, init)
    return { status: answer.status, body: await answer.json().catch(() => undefined) }
  } catch {
    return { status: 0, body: undefined }
  }
}

async function ended(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await exited
}
