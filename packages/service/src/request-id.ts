import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Makes ids of requests: the caller's `X-Request-Id` if it is a harmless one, else one of our own. */
export function requestIds(): (request: IncomingMessage) => string {
  const start = randomBytes(6).toString('hex')
  let count = 0
  return (request) => {
    const given = request.headers['x-request-id']
    return typeof given === 'string' && HARMLESS.test(given) ? given : `${start}-${(++count).toString(36)}`
  }
}

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/
