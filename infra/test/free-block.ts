import { once } from 'node:events'
import { createServer } from 'node:net'

/** The first of `size` ports in a row on which nobody listens. */
export async function freeBlock(size: number): Promise<number> {
  for (;;) {
    const held = [await listening(0)]
    const first = held[0]?.port ?? 0
    try {
      for (let port = first + 1; port < first + size; port++) held.push(await listening(port))
      return first
    } catch {
      // One of them is taken: from another place on, then.
    } finally {
      await Promise.all(held.map(({ close }) => close()))
    }
  }
}

async function listening(port: number) {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as { port: number }
  return { port: address.port, close: () => new Promise((resolve) => server.close(resolve)) }
}
