import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Keeps all connections of a server in view, and gives what drops them: those too that speak another protocol by now, of which Node
 * itself knows nothing any more and for which a server that closes waits for ever. One that closes leaves those alone that are still
 * being answered: Node takes an answer for over when its end was handed in, while much of it may still be on its way.
 */
export function watchConnections(server: Server): () => void {
  // How many answers are under way on each.
  const answers = new Map<Socket, number>()
  // Those that were answered. One that has not asked yet is about to.
  const idle = new Set<Socket>()
  let isClosing = false
  const count = (socket: Socket, change: 1 | -1) => {
    const before = answers.get(socket)
    // Gone already.
    if (before === undefined) return
    const now = before + change
    answers.set(socket, now)
    if (now > 0) idle.delete(socket)
    else if (isClosing) socket.destroySoon()
    else idle.add(socket)
  }
  server.on('connection', (socket: Socket) => {
    answers.set(socket, 0)
    socket.once('close', () => {
      answers.delete(socket)
      idle.delete(socket)
    })
  })
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    count(socket, 1)
    answer.once('close', () => count(socket, -1))
  })
  server.closeIdleConnections = () => {
    isClosing = true
    for (const socket of idle) socket.destroy()
  }
  return () => {
    for (const socket of answers.keys()) socket.destroy()
  }
}
