import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Lets callers speak over a WebSocket at `path` alone. Elsewhere nobody is listened to who wants to speak another protocol: he is
 * answered as everybody, as nobody would take his connection over.
 */
export function upgradeOnlyAt({ server }: FastifyInstance, path: string): void {
  const upgrading = server as typeof server & { shouldUpgradeCallback: (request: IncomingMessage) => boolean }
  const isMeant = upgrading.shouldUpgradeCallback
  upgrading.shouldUpgradeCallback = (request) =>
    request.url?.split('?', 1)[0] === path && isMeant.call(upgrading, request)
}
