import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Keeps all connections of a server in view, and gives what drops them: those too that speak another protocol by now, of which Node
 * itself knows nothing any more and for which a server that closes waits for ever.
 */
export function watchConnections(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}
