import { connect, type Socket } from 'node:net'
import { createFollower, type Follower } from './live-followers.ts'

/** What the parent of this process of clients may order; each order is answered. */
export type Order =
  | { order: 'open'; group: string; count: number; port: number; path: string; pace: Pace }
  | { order: 'lags'; version: string; atMs: number; count: number }
  | { order: 'ids' | 'at' | 'held' | 'cut' | 'resume'; group: string }

/** Has the process of clients do something; resolves with its answer. */
export type Ask = <T>(order: Order) => Promise<T>

/** How a client reads: counts the messages, also holds what they tell, takes a kilobyte a second, or nothing. */
export type Pace = 'counts' | 'holds' | 'slow' | 'never'

/** What a client that holds says of itself. */
export interface Held {
  hash: string
  resets: number
}

interface Client {
  socket: Socket
  port: number
  path: string
  /** How many messages with an id came. */
  ids: number
  follower?: Follower
}

const groups = new Map<string, Client[]>()
const arrivals = new Map<string, number[]>()

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer))
})

async function obey(order: Order): Promise<unknown> {
  if (order.order === 'open') return open(order)
  if (order.order === 'lags') return lagsOf(order)
  const group = groups.get(order.group) ?? []
  if (order.order === 'ids') return group.map(({ ids }) => ids)
  if (order.order === 'at') return group.map(({ follower }) => follower?.id)
  if (order.order === 'held') return group.map(({ follower }) => heldOf(follower as Follower))
  if (order.order === 'resume') return (await Promise.all(group.map(resumed))).length
  for (const { socket } of group) socket.destroy()
  return group.length
}

const heldOf = (follower: Follower): Held => ({ hash: follower.hash(), resets: follower.resets })

async function open({ group, count, port, path, pace }: Extract<Order, { order: 'open' }>): Promise<number> {
  const opened: Client[] = []
  for (let i = 0; i < count; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - i) }, async (): Promise<Client> => {
      const client: Client = { socket: await requested(port, path), port, path, ids: 0 }
      if (pace === 'holds') client.follower = createFollower()
      await began(client, pace)
      return client
    })
    opened.push(...(await Promise.all(some)))
  }
  groups.set(group, opened)
  return opened.length
}

const AT_ONCE = 100

async function resumed(client: Client): Promise<void> {
  client.socket = await requested(client.port, client.path, `last-event-id: ${client.follower?.id}\r\n`)
  await began(client, 'holds')
}

/** A bare socket: a thousandth of what a browser needs. */
function requested(port: number, path: string, headers = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.off('error', reject).on('error', () => undefined)
      socket.write(`GET ${path} HTTP/1.1\r\nhost: bench\r\n${headers}\r\n`)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** Reads at a pace; resolves when there was something to read. */
function began(client: Client, pace: Pace): Promise<void> {
  const { socket } = client
  return new Promise((resolve) => {
    if (pace === 'never') return resolve()
    if (pace === 'slow') {
      socket.once('readable', resolve)
      setInterval(() => socket.read(1_000), 1_000).unref()
      return
    }
    socket.once('data', () => resolve())
    read(client)
  })
}

/** Notes when each message with an id was there as a whole. */
function read(client: Client): void {
  let rest: Buffer[] = []
  client.socket.on('data', (chunk) => {
    rest.push(chunk)
    // The end of a message, and of the chunk that it was sent as.
    if (!chunk.subarray(-END.length).equals(END)) return
    const text = Buffer.concat(rest)
    rest = []
    note(client, text)
    client.follower?.take(text.toString())
  })
}

const [END, ID] = [Buffer.from('\n\n\r\n'), Buffer.from('\r\nid: ')]

function note(client: Client, text: Buffer): void {
  const nowMs = performance.timeOrigin + performance.now()
  for (let at = text.indexOf(ID); at >= 0; at = text.indexOf(ID, at + 1)) {
    const version = text.toString('latin1', at + ID.length, text.indexOf('\n', at + ID.length))
    const times = arrivals.get(version)
    if (times === undefined) arrivals.set(version, [nowMs])
    else times.push(nowMs)
    client.ids++
  }
}

/** How long after it was taken in a version reached each client, ms; waits until it has reached so many. */
async function lagsOf({ version, atMs, count }: Extract<Order, { order: 'lags' }>): Promise<number[]> {
  while ((arrivals.get(version)?.length ?? 0) < count) await new Promise((resolve) => setTimeout(resolve, 5))
  const lags = (arrivals.get(version) ?? []).map((arrivedMs) => arrivedMs - atMs)
  arrivals.clear()
  return lags
}
