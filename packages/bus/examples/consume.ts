// Prints the system's events as they come, one JSON line each: a consumer to copy from, which needs the package `nats` alone.
//   NATS_URL=nats://user:password@host:4222 node packages/bus/examples/consume.ts 'signals.scored.*' --durable my-app
// Which subjects there are and what their events hold is written in the AsyncAPI document of the public door: /api-docs/events.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { AckPolicy, type ConsumerConfig, connect, DeliverPolicy, ErrorCode, NatsError, nanos } from 'nats'

const { values, positionals } = parseArgs({ options: { durable: { type: 'string' } }, allowPositionals: true })
const subject = positionals[0] ?? 'signals.scored.*'
const { durable } = values

// A stream holds all subjects with the same first word, those of a simulated market in a stream of their own.
const words = subject.split('.')
const isSimulated = words[0] === 'simulated'
const stream = (isSimulated ? words.slice(0, 2).join('_') : String(words[0])).toUpperCase()

const { username: user, password: pass, host: servers } = new URL(process.env.NATS_URL ?? 'nats://localhost:4222')
const nats = await connect({
  servers,
  ...(user === '' ? {} : { user, pass, inboxPrefix: `_INBOX_${user}` }),
  maxReconnectAttempts: -1,
}).catch(giveUp)

// With a name the server knows what was handled, also while nobody consumes: nothing is missed, as long as the stream holds it.
// Without one it begins with what comes next, and is forgotten a minute after its consumer has gone.
const place: Partial<ConsumerConfig> =
  durable === undefined
    ? {
        name: `example-${process.pid}-${Date.now()}`,
        deliver_policy: DeliverPolicy.New,
        inactive_threshold: nanos(60_000),
      }
    : { durable_name: durable, deliver_policy: DeliverPolicy.All }
const manager = await nats.jetstreamManager({ checkAPI: false })
const { name } = await manager.consumers
  .add(stream, { ...place, filter_subject: subject, ack_policy: AckPolicy.Explicit, ack_wait: nanos(30_000) })
  .catch(giveUp)

const consumer = await nats.jetstream().consumers.get(stream, name)
const messages = await consumer.consume({ max_messages: 100 })
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => messages.stop())
process.stderr.write(`consuming ${subject} of ${stream} as ${name}\n`)

for await (const message of messages) {
  // At least once: whoever must not handle an event twice remembers its `id`.
  const line = JSON.stringify({ subject: message.subject, ...message.json<{ id: string }>() })
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  // After it was handled. What is not acknowledged comes again.
  message.ack()
}
await nats.drain()

/** Ends with what is wrong and what to do about it, in one line. */
function giveUp(error: unknown): never {
  process.stderr.write(`${adviceOn(error)}\n`)
  process.exit(1)
}

function adviceOn(error: unknown): string {
  const code: string = error instanceof NatsError ? error.code : ''
  const is = (...codes: string[]) => codes.includes(code)
  const asUser = user === '' ? 'without a user' : `as ${user}`
  if (is('404'))
    return isSimulated
      ? `there is no stream ${stream} at ${servers}: leave out "simulated." unless the system runs on the simulator`
      : `there is no stream ${stream} at ${servers}: start the system; one on the simulator needs "simulated." before the subject`
  if (is(ErrorCode.PermissionsViolation))
    return `${stream} may not be consumed ${asUser}: grant it what packages/bus/README.md lists for a consumer of your own`
  if (is(ErrorCode.AuthorizationViolation, ErrorCode.AuthenticationExpired))
    return `${servers} refuses to be used ${asUser}: give a user and password that it knows in NATS_URL`
  if (is(ErrorCode.ConnectionRefused, ErrorCode.Timeout))
    return `no answer from ${servers}: set NATS_URL to a NATS server that runs with JetStream`
  if (is(ErrorCode.JetStreamNotEnabled, ErrorCode.NoResponders))
    return `${servers} runs without JetStream: start it with it`
  return error instanceof Error ? error.message : String(error)
}
