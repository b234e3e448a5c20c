import { once } from 'node:events'
import { createServer } from 'node:net'

/** The first port from this one on that nobody listens on; none is given out twice. */
export async function firstFreePort(from: number): Promise<number> {
  for (let port = from; port < from + WITHIN; port++) {
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
  throw new Error(`no port from ${from} to ${from + WITHIN - 1} is free`)
}

const WITHIN = 100

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
