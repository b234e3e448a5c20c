import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port of this machine on which nobody listens; none is given out twice. It lies below those from which systems choose for outgoing
 * connections, so that it is still free when whoever listened on it is killed and comes back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * COUNT)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

const [FROM, COUNT] = [20_000, 12_000]

const given = new Set<number>()

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
