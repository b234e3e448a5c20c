import type { Server } from 'node:http'
import type { Clock } from '@crypto-signals/clock'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Fault } from '../faults/fault.ts'
import { chance, hash } from '../market/hash.ts'
import { binance } from '../sources/binance.ts'
import { type Pair, pairsOf } from '../world/listing.ts'
import { text } from '../world/numbers.ts'
import { tickerOf } from '../world/tickers.ts'
import { type View, viewOf } from '../world/view.ts'
import type { World } from '../world/world.ts'

const EVERY_MS = 1_000
const PING_EVERY_MS = 20_000
const PONG_WITHIN_MS = 60_000
const LIVES_MS = 86_400_000
const SHUTDOWN_TOLD_BEFORE_MS = 600_000

/** Binance's stream of all mini tickers at `/binance`, also `/binance/!miniTicker@arr`: each second those that traded. It rests while nobody listens. */
export const serveStream = (
  server: Server,
  { clock, world, faults }: { clock: Clock; world: World; faults: readonly Fault[] },
): { close(): void } => {
  const listeners = new Map<WebSocket, Listener>()
  const view = viewOf(world, faults, binance)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4_096 })
  const closed = new AbortController()
  const frameOf = createFrames(view)

  const tick = (now: number) => {
    const frame = frameOf(now)
    for (const [socket, listener] of listeners) listener.turn(socket, now, frame)
    if (view.faults('outage', now).length > 0) for (const socket of listeners.keys()) socket.terminate()
  }
  const run = async () => {
    while (listeners.size > 0) {
      await clock.sleep(EVERY_MS - (clock.now() % EVERY_MS), closed.signal)
      tick(clock.now())
    }
  }

  server.on('upgrade', (request, socket, head) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const isStream = /^\/binance(\/ws)?(\/.*)?$/.test(pathname)
    if (!isStream || view.faults('outage', clock.now()).length > 0) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const rests = listeners.size === 0
      listeners.set(client, createListener(clock.now(), pathname.includes('@')))
      client.on('close', () => listeners.delete(client))
      client.on('error', () => client.terminate())
      client.on('pong', () => listeners.get(client)?.answered())
      client.on('message', (data: Buffer) => listeners.get(client)?.told(client, data.toString()))
      if (rests) run().catch(() => undefined)
    })
  })
  return {
    close() {
      closed.abort()
      for (const socket of listeners.keys()) socket.terminate()
      sockets.close()
    },
  }
}

type Listener = ReturnType<typeof createListener>

const createListener = (openedAt: number, subscribedByPath: boolean) => {
  let subscribed = subscribedByPath
  let pingedAt = openedAt
  let unansweredSince: number | null = null
  let told = false
  return {
    answered: () => {
      unansweredSince = null
    },
    told(socket: WebSocket, message: string) {
      const { method, id } = parsed(message)
      if (method === 'SUBSCRIBE') subscribed = true
      if (method === 'UNSUBSCRIBE') subscribed = false
      socket.send(JSON.stringify({ result: null, id: id ?? null }))
    },
    turn(socket: WebSocket, now: number, frame: string | null) {
      if (now - openedAt >= LIVES_MS) return socket.close(1001, '24 h are over')
      if (!told && now - openedAt >= LIVES_MS - SHUTDOWN_TOLD_BEFORE_MS) {
        told = true
        socket.send(JSON.stringify({ e: 'serverShutdown', E: now }))
      }
      if (unansweredSince !== null && now - unansweredSince > PONG_WITHIN_MS) return socket.close(1008, 'Pong timeout')
      if (now - pingedAt >= PING_EVERY_MS) {
        unansweredSince ??= now
        pingedAt = now
        socket.ping(String(now))
      }
      if (subscribed && frame !== null) socket.send(frame)
    },
  }
}

const parsed = (message: string): { method?: unknown; id?: unknown } => {
  try {
    return Object(JSON.parse(message))
  } catch {
    return {}
  }
}

/** What is sent each second, null where nothing traded. */
const createFrames = (view: View) => {
  let pairs: readonly Pair[] | undefined
  return (now: number): string | null => {
    pairs ??= pairsOf(view.world, binance.listing)
    const seenAt = view.seenAt()
    const second = Math.floor(now / EVERY_MS)
    const rows = pairs
      .filter((pair) => chance(hash(pair.seed, 5), second % 1_000_003) < tradesASecond(view, pair))
      .flatMap((pair) => miniTicker(view, pair, seenAt) ?? [])
    return rows.length === 0 ? null : JSON.stringify(rows)
  }
}

/** The chance that a pair trades within a second: every second for the large, one in a minute for the least. */
const tradesASecond = ({ world }: View, { index, seed }: Pair): number =>
  index === null ? 0.05 : Math.min(1, 1 / 60 + (world.coinAt(index).baseVolumeUsd * chance(seed, 2)) / 1e8)

const miniTicker = (view: View, pair: Pair, seenAt: number) => {
  const ticker = tickerOf(view, pair, seenAt)
  if (ticker === null) return null
  const { last, open, high, low, baseVolume, quoteVolume } = ticker
  return {
    e: '24hrMiniTicker',
    E: seenAt,
    s: pair.base + pair.quote,
    c: text(last),
    o: text(open),
    h: text(high),
    l: text(low),
    v: text(baseVolume),
    q: text(quoteVolume),
  }
}
