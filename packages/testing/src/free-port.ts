import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port of this machine on which nobody listens, or the first of `size` in a row; none is given out twice. It lies below those from which
 * systems choose for outgoing connections, so that it is still free when whoever listened on it is killed and comes back.
 */
export async function freePort(size = 1): Promise<number> {
  for (;;) {
    const first = FROM + Math.floor(Math.random() * (COUNT - size))
    if (await taken(first, size)) return first
  }
}

/** The first port from this one on that nobody listens on; none is given out twice. */
export async function firstFreePort(from: number): Promise<number> {
  for (let port = from; port < from + WITHIN; port++) if (await taken(port, 1)) return port
  throw new Error(`no port from ${from} to ${from + WITHIN - 1} is free`)
}

const [FROM, COUNT] = [20_000, 12_000]

const WITHIN = 100

const given = new Set<number>()

/** Gives ports out, if all of them are free. */
async function taken(first: number, size: number): Promise<boolean> {
  const ports = Array.from({ length: size }, (_, index) => first + index)
  for (const port of ports) if (given.has(port) || !(await isFree(port))) return false
  for (const port of ports) given.add(port)
  return true
}

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
