import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bareEnvironment, until } from '@crypto-signals/testing'

const ROOT = join(import.meta.dirname, '../../..')

export const CLI = fileURLToPath(import.meta.resolve('@crypto-signals/cli/src/main.ts'))
export const MCP = fileURLToPath(import.meta.resolve('@crypto-signals/mcp/src/main.ts'))

/** A program that was started, with what it wrote so far. */
export interface Program extends AsyncDisposable {
  child: ChildProcess
  out: () => string
  err: () => string
  /** Exit code, or the signal's name. */
  exited: Promise<number | string>
}

/** Starts a program with exactly this environment. */
export function start(command: readonly string[], env: Record<string, string> = {}): Program {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...bareEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text))
  child.stdin.on('error', () => undefined)
  const exited = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? String(signal))),
  )
  return {
    child,
    out: () => said.out,
    err: () => said.err,
    exited,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Runs the command line to its end. */
export async function cli(args: readonly string[], env: Record<string, string> = {}) {
  await using program = start([process.execPath, CLI, ...args], env)
  program.child.stdin?.end()
  const code = await program.exited
  return { code, out: program.out(), err: program.err() }
}

/** Whether this machine can run a program in a terminal of its own: by `script` of util-linux. */
export const HAS_TERMINALS = process.platform === 'linux' && existsSync('/usr/bin/script')

/** Starts the command line in a terminal of this size. Its keys are what is written to its stdin; it tells its process id first. */
export function cliInTerminal(args: readonly string[], env: Record<string, string>, { columns = 100, rows = 20 } = {}) {
  const quoted = [process.execPath, CLI, ...args].map((part) => `'${part}'`).join(' ')
  const command = `echo pid $$; stty cols ${columns} rows ${rows}; exec ${quoted}`
  return start(['script', '-qec', command, '/dev/null'], { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env })
}

/** Waits until a program wrote what is wanted; rejects with all it wrote when it does not. */
export const wrote = (program: Program, wanted: RegExp, timeoutMs = 15_000) =>
  until(() => wanted.test(program.out()), { timeoutMs }).catch((error) => {
    throw new Error(`${error}\nno ${wanted} in:\n${program.out()}\n${program.err()}`)
  })
