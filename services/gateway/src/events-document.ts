import { EVENT_NAMES, EVENTS, type EventName, PARTITIONS, STREAM_MESSAGES } from '@crypto-signals/contracts'
import { STREAM_PATH, WEB_SOCKET_PATH } from './live-paths.ts'

interface DocumentOptions {
  /** Where the public door is reached. */
  apiUrl: string
  version: string
}

/** The AsyncAPI 3.0 document of what the system tells: its events on NATS, and its public streams. Made from the schemas that check them. */
export function eventsDocument({ apiUrl, version }: DocumentOptions): object {
  const { host, protocol } = new URL(apiUrl)
  const isSecure = protocol === 'https:'
  const channels = { ...Object.fromEntries(EVENT_NAMES.map(natsChannel)), ...publicChannels() }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Crypto Signals', version, description: DESCRIPTION, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: 'nats:4222', protocol: 'nats', description: 'NATS JetStream, inside: the address is in NATS_URL' },
      http: { host, protocol: isSecure ? 'https' : 'http', description: 'The public door: Server-Sent Events' },
      ws: { host, protocol: isSecure ? 'wss' : 'ws', description: 'The public door: WebSocket' },
    },
    channels,
    operations: Object.fromEntries(Object.keys(channels).map((name) => [`tell-${name}`, operationOn(name)])),
    components: { messages: { ...eventMessages(), ...streamMessages() } },
  }
}

const DESCRIPTION = `What happens, told as it happens: to services and consumers of your own as events on NATS JetStream, to everybody as a stream.

Events on NATS come at least once; a repeat has the same \`id\`. Those of one partition, which is a hash of the coin's id, come in
order. They lie in the streams MARKET, SIGNALS (an hour each) and ALERTS (seven days). A system on simulated data
puts \`simulated.\` before each subject and \`SIMULATED_\` before each stream. A consumer that runs: \`packages/bus/examples/consume.ts\`.

A public stream begins with \`hello\`; then come \`changes\`, whose last message of a step has an id to go on from (\`Last-Event-ID\`),
\`alert\`, and \`reset\` where the way from the caller's version is not known any more. Its filters are those of the OpenAPI document.`

const refTo = (...path: string[]) => ({ $ref: `#/${path.join('/')}` })

function natsChannel(name: EventName) {
  const { wildcard, title, about, publisher } = EVENTS[name]
  const isPartitioned = wildcard.endsWith('.*')
  const channel = {
    address: isPartitioned ? wildcard.replace('*', '{partition}') : wildcard,
    title,
    description: `${about}. Published by ${publisher}.`,
    servers: [refTo('servers', 'nats')],
    ...(isPartitioned ? { parameters: { partition: PARTITION } } : {}),
    messages: { [name]: refTo('components', 'messages', name) },
  }
  return [name, channel] as const
}

const PARTITION = {
  description: 'A hash of the coin’s id: all that is told of a coin lies in one partition',
  enum: Array.from({ length: PARTITIONS }, (_, partition) => String(partition)),
}

function publicChannels() {
  const messages = Object.fromEntries(
    Object.keys(STREAM_MESSAGES).map((event) => [event, refTo('components', 'messages', `stream-${event}`)]),
  )
  const channel = (address: string, server: string, title: string, description: string) => ({
    address,
    title,
    description,
    servers: [refTo('servers', server)],
    messages,
  })
  return {
    stream: channel(
      STREAM_PATH,
      'http',
      'Stream',
      'Server-Sent Events: `event` is the name of the message, `data` its payload',
    ),
    'stream-ws': channel(
      WEB_SOCKET_PATH,
      'ws',
      'Stream over a WebSocket',
      'The same: each frame is JSON `{event, id?, data}`, and `data` the payload',
    ),
  }
}

const operationOn = (channel: string) => ({ action: 'send', channel: refTo('channels', channel) })

const eventMessages = () =>
  Object.fromEntries(
    EVENT_NAMES.map((name) => {
      const { title, about, schema } = EVENTS[name]
      return [name, { name, title, summary: about, payload: schema }]
    }),
  )

const streamMessages = () =>
  Object.fromEntries(
    Object.entries(STREAM_MESSAGES).map(([event, schema]) => [
      `stream-${event}`,
      { name: event, title: `Stream: ${event}`, payload: schema },
    ]),
  )
