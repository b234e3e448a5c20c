import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StreamMessage } from '@crypto-signals/contracts'
import { createMadeUpMarket, type MadeUpMarket } from './made-up-market.ts'

/** A made-up market behind the routes that a live market asks, with all the ways in which connections end. */
export interface MarketServer extends AsyncDisposable {
  url: string
  market: MadeUpMarket
  /** As in the market, and whoever reads a stream is told. */
  change: MadeUpMarket['change']
  alert: MadeUpMarket['alert']
  /** How many streams are open. */
  readers(): number
  /** Ends all connections. */
  cut(): void
  /** Each of the next connections is cut off after so many bytes. */
  limits: number[]
  /** The next requests are answered like this. */
  faults: ((response: ServerResponse) => void)[]
}

interface Reader {
  mark: number
  send: (...messages: StreamMessage[]) => void
}

export async function startMarketServer(): Promise<MarketServer> {
  const market = createMadeUpMarket()
  const readers = new Map<ServerResponse, Reader>()
  const [limits, faults]: [number[], MarketServer['faults']] = [[], []]

  const server = createServer((request, response) => {
    const fault = faults.shift()
    if (fault !== undefined) return fault(response)
    const limit = limits.shift()
    if (!request.url?.startsWith('/api/stream')) return sendExport(market, response, limit)
    const send = senderOf(response, limit)
    send(...beginning(market, request))
    readers.set(response, { mark: market.mark, send })
    response.on('close', () => readers.delete(response))
  })
  const tell = () => {
    for (const reader of readers.values()) {
      reader.send(...market.since(reader.mark))
      reader.mark = market.mark
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    market,
    limits,
    faults,
    change(coins) {
      market.change(coins)
      tell()
    },
    alert() {
      market.alert()
      tell()
    },
    readers: () => readers.size,
    cut: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function beginning(market: MadeUpMarket, { url, headers }: IncomingMessage): StreamMessage[] {
  const { searchParams } = new URL(String(url), 'http://x')
  const from = headers['last-event-id']?.toString() ?? searchParams.get('since')
  const mark = from === null ? undefined : market.markOf(from)
  const hello = (version: string, id?: string): StreamMessage => ({
    event: 'hello',
    ...(id !== undefined && { id }),
    data: { version, source: 'simulated', at: AT },
  })
  if (from !== null && mark !== undefined) return [hello(from, from), ...market.since(mark)]
  if (from === null && searchParams.get('snapshot') !== 'true') return [hello(market.version, market.version)]
  const reason = from === null ? 'snapshot' : 'unknown-version'
  return [hello(market.version), { event: 'reset', data: { reason, at: AT } }, ...market.all()]
}

const AT = '2026-01-01T00:00:00.000Z'

function sendExport(market: MadeUpMarket, response: ServerResponse, limit?: number): void {
  const { version } = market
  response.writeHead(200, { 'x-data-version': version, 'x-market-source': 'simulated' })
  const text = [...(market.stateAt(version)?.values() ?? [])].map((row) => `${JSON.stringify(row)}\n`).join('')
  if (limit === undefined) response.end(text)
  else response.write(text.slice(0, limit), () => response.socket?.destroy())
}

/** Writes messages as events, up to the limit in bytes: then the connection is cut, wherever that is. */
function senderOf(response: ServerResponse, limit = Number.POSITIVE_INFINITY) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let left = limit
  return (...messages: StreamMessage[]) => {
    if (left < 0 || messages.length === 0) return
    const bytes = Buffer.from(messages.map(eventOf).join(''))
    left -= bytes.length
    if (left >= 0) response.write(bytes)
    else response.write(bytes.subarray(0, bytes.length + left), () => response.socket?.destroy())
  }
}

const eventOf = ({ event, id, data }: StreamMessage) =>
  `: beat\r\n${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
