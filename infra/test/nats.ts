import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type NatsServer, startNatsServer, tempDir } from '../../packages/testing/src/index.ts'
import { type Compose, read, serviceOf } from './compose.ts'

/** A real server with infra/nats/nats.conf and the passwords that the compose file hands to it; null where none is installed. */
export async function startNats(compose: Compose): Promise<NatsServer | null> {
  Object.assign(process.env, serviceOf(compose, 'nats').environment)
  const dir = await tempDir()
  const config = read('infra/nats/nats.conf').replace('store_dir: /data', `store_dir: "${join(dir.path, 'data')}"`)
  const server = await startNatsServer({
    config: syncsAtWill() ? config : config.replace(/^\s*sync_interval:.*$/m, ''),
  })
  if (server === null) return null
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

const PROGRAM = 'nats-server'

/** The image's version does; a Linux distribution may still have one that does not know the word. */
function syncsAtWill(): boolean {
  try {
    const said = execFileSync(PROGRAM, ['--version'], { env: { PATH: `${process.env.PATH}:/usr/sbin` } })
    const [, major = '0', minor = '0'] = /v(\d+)\.(\d+)/.exec(String(said)) ?? []
    return Number(major) * 100 + Number(minor) >= 210
  } catch {
    return true
  }
}
