import type { Clock } from '@crypto-signals/clock'
import { connect, ErrorCode, type NatsConnection, NatsError } from 'nats'
import type { Logger } from 'pino'
import { addressOf } from './address.ts'

/** A connection that never gives up. Waits for a server that is not there yet, and logs each reason once; rejects when it refuses us. */
export async function connectTo(url: string, { clock, log }: { clock: Clock; log: Logger }): Promise<NatsConnection> {
  const address = addressOf(url)
  const options = { ...address, ...inboxOf(address), ...PERSISTENT }
  let told = ''
  for (let waitMs = RECONNECT_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await connect(options)
    } catch (error) {
      if (isRefusal(error)) throw new Error('NATS refuses the credentials in NATS_URL', { cause: error })
      if (told !== String(error)) log.warn({ err: error, servers: options.servers }, 'waiting for NATS')
      told = String(error)
      await clock.sleep(waitMs)
    }
  }
}

/** Answers come to a place of the user's own, so that a server can keep the others from listening in. */
const inboxOf = ({ user }: { user?: string }) =>
  user === undefined ? {} : { inboxPrefix: `_INBOX_${user.replaceAll(/[^\w-]/g, '_')}` }

// Soon enough for consumers to go on within a second of a restart.
const RECONNECT_WAIT_MS = 250
// Everything is to be ready within 15 s of the last server that came up.
const LONGEST_WAIT_MS = 5_000

const PERSISTENT = {
  name: 'crypto-signals',
  maxReconnectAttempts: -1,
  // Credentials may be wrong for a while when they are being changed on the server.
  ignoreAuthErrorAbort: true,
  reconnectTimeWait: RECONNECT_WAIT_MS,
  reconnectJitter: 100,
  timeout: 5_000,
  // A frozen server or a cut cable shows after two unanswered pings.
  pingInterval: 5_000,
  maxPingOut: 2,
  // Each request would collect a stack trace of its own.
  noAsyncTraces: true,
}

const REFUSALS: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.BadAuthentication,
  ErrorCode.AccountExpired,
]
const isRefusal = (error: unknown) => error instanceof NatsError && REFUSALS.includes(error.code)
