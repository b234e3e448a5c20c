import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { tempDir, until } from '../../packages/testing/src/index.ts'
import { freePort } from '../../services/standalone/test/product.ts'
import { type Compose, ROOT, serviceOf } from './compose.ts'

export interface Redis extends AsyncDisposable {
  readonly port: number
}

/** A real server, started by the very command of the compose file, on a free port; null where none is installed. */
export async function startRedis(compose: Compose): Promise<Redis | null> {
  const dir = await tempDir()
  const port = await freePort()
  const { entrypoint = [], environment } = serviceOf(compose, 'redis')
  const [shell = '', ...args] = entrypoint.map((word) =>
    word.replace('/etc/redis.conf', join(ROOT, 'infra/redis/redis.conf')),
  )
  const last = args.pop() ?? ''
  const child = spawn(shell, [...args, `${last} --bind 127.0.0.1 --port ${port} --dir ${dir.path}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, ...environment },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  await until(async () => child.exitCode !== null || (await listens(port)))
  if (child.exitCode === 127 && process.env.REQUIRE_SERVERS !== '1') return null
  if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
  return {
    port,
    async [Symbol.asyncDispose]() {
      kill()
      await ended
      await dir[Symbol.asyncDispose]()
    },
  }
}

/** What Redis says to commands in its inline form, one line each. */
export function redisSays(port: number, commands: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => socket.write([...commands, 'QUIT', ''].join('\r\n')))
    socket.on('data', (chunk) => (said += String(chunk)))
    socket.on('error', reject).on('close', () => resolve(said))
  })
}

const listens = (port: number) =>
  redisSays(port, []).then(
    () => true,
    () => false,
  )
