import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDir, until } from '../../packages/testing/src/index.ts'
import { freePort } from '../../services/standalone/test/product.ts'
import { read } from './compose.ts'

export interface Nginx extends AsyncDisposable {
  readonly url: string
  /** What it wrote so far. */
  readonly said: () => string
}

export const NGINX_MISSING = 'nginx is not on the PATH: apt-get install nginx-light, or brew install nginx'

interface NginxOptions {
  /** Of the name server that it asks. */
  dnsPort: number
  /** Where the gateways listen. */
  gatewayPort: number
}

/**
 * A real nginx with infra/nginx/nginx.conf, on a free port; the image's places are folders of the test. Null where none is
 * installed; with REQUIRE_SERVERS=1 it rejects instead.
 */
export async function startNginx({ dnsPort, gatewayPort }: NginxOptions): Promise<Nginx | null> {
  const dir = await tempDir()
  const port = await freePort()
  await mkdir(join(dir.path, 'cache'))
  const config = read('infra/nginx/nginx.conf')
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('http://gateway:3000;', `http://gateway:${gatewayPort};`)
    .replace('resolver 127.0.0.11 valid=5s', `resolver 127.0.0.1:${dnsPort} valid=1s`)
    .replaceAll(' /tmp/', ` ${dir.path}/`)
    .replaceAll('/var/cache/nginx/', `${dir.path}/cache/`)
  const file = join(dir.path, 'nginx.conf')
  await writeFile(file, config)
  const running = await launch(['-c', file, '-p', dir.path, '-g', GLOBALS], dir.path).catch(async (error: unknown) => {
    await dir[Symbol.asyncDispose]()
    return nullIfMissing(error)
  })
  if (running === null) return null
  const url = `http://127.0.0.1:${port}`
  await until(async () => running.child.exitCode !== null || (await answers(url)))
  if (running.child.exitCode !== null) throw new Error(`nginx ended: ${running.said()}`)
  return {
    url,
    said: running.said,
    async [Symbol.asyncDispose]() {
      const ended = once(running.child, 'exit')
      running.child.kill('SIGQUIT')
      await ended
      await dir[Symbol.asyncDispose]()
    },
  }
}

const PROGRAM = 'nginx'

// Where everything is done as root, its workers would become nobody, who cannot see the folders.
const GLOBALS = `daemon off;${process.getuid?.() === 0 ? ' user root;' : ''}`

// Debian's package puts it where the PATH of an ordinary user does not lead.
const PATH = `${process.env.PATH}:/usr/sbin`

async function launch(args: string[], dir: string): Promise<{ child: ChildProcess; said: () => string }> {
  const log = join(dir, 'said')
  // To a file: what Node hands over as a pipe is a socket, which nobody can open by name.
  const output = openSync(log, 'a')
  const child = spawn(PROGRAM, args, { stdio: ['ignore', output, output], env: { PATH } })
  await once(child, 'spawn')
  process.once('exit', () => child.kill('SIGTERM'))
  return { child, said: () => readFileSync(log, 'utf8') }
}

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(NGINX_MISSING, { cause: error })
  return null
}

const answers = (url: string) =>
  fetch(`${url}/metrics`).then(
    () => true,
    () => false,
  )
