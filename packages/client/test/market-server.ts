import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MarketRow, StreamMessage } from '@crypto-signals/contracts'

/** A market of made-up coins behind the routes that a live market asks, with all the ways in which connections end. */
export interface MarketServer extends AsyncDisposable {
  url: string
  readonly version: string
  /** The rows that the filter held at a version. */
  stateAt(version: string): Map<string, MarketRow> | undefined
  /** One step: each of these coins gets a new price, and is within the filter from now on or not. */
  change(coins: readonly { coin: number; fits: boolean }[]): void
  /** Tells of a firing; returns its id. */
  alert(): string
  /** How many streams are open. */
  readers(): number
  /** Ends all connections. */
  cut(): void
  /** From now on it knows no version but the present one, as a new process does. */
  forget(): void
  /** Each of the next connections is cut off after so many bytes. */
  limits: number[]
  /** The next requests are answered like this. */
  faults: ((response: ServerResponse) => void)[]
}

const ROWS_A_MESSAGE = 3
const AT = '2026-01-01T00:00:00.000Z'

interface Held {
  row: MarketRow
  fits: boolean
  mark: number
}

interface Reader {
  mark: number
  send: (...messages: StreamMessage[]) => void
}

export async function startMarketServer(): Promise<MarketServer> {
  const coins = new Map<string, Held>()
  const alerts: { mark: number; triggerId: string }[] = []
  const states = new Map<string, Map<string, MarketRow>>()
  const known = new Map<string, number>()
  const readers = new Map<ServerResponse, Reader>()
  const [limits, faults]: [number[], MarketServer['faults']] = [[], []]
  let mark = 0
  let version = ''

  const fitting = () => [...coins.values()].filter(({ fits }) => fits).map(({ row }) => row)
  function next() {
    version = `v${mark.toString(36)}-x`
    known.set(version, mark)
    states.set(version, new Map(fitting().map((row) => [row.coinId, row])))
  }
  next()

  function difference(since: number): StreamMessage[] {
    const changed = [...coins.values()].filter((coin) => coin.mark > since)
    const rows = changed.filter(({ fits }) => fits).map(({ row }) => row)
    const left = changed.filter(({ fits }) => !fits).map(({ row }) => row.coinId)
    const told = alerts.filter((alert) => alert.mark > since).map(({ triggerId }) => alertMessage(triggerId))
    return [...(changed.length > 0 ? step(rows, left, version) : []), ...told]
  }
  function tell() {
    for (const reader of readers.values()) {
      reader.send(...difference(reader.mark))
      reader.mark = mark
    }
  }
  function stream(request: IncomingMessage, response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const { searchParams } = new URL(String(request.url), 'http://x')
    const from = request.headers['last-event-id'] ?? searchParams.get('since')
    const since = from === null ? undefined : known.get(String(from))
    const send = senderOf(response, limits.shift())
    const begin = (version: string, id?: string) =>
      send({ event: 'hello', ...(id && { id }), data: { version, source: 'simulated', at: AT } })
    if (since !== undefined) {
      begin(String(from), String(from))
      send(...difference(since))
    } else if (from !== null || searchParams.get('snapshot') === 'true') {
      begin(version)
      const reason = from === null ? 'snapshot' : 'unknown-version'
      send({ event: 'reset', data: { reason, at: AT } }, ...step(fitting(), [], version))
    } else begin(version, version)
    readers.set(response, { mark, send })
    response.on('close', () => readers.delete(response))
  }
  function answer(request: IncomingMessage, response: ServerResponse) {
    const fault = faults.shift()
    if (fault !== undefined) return fault(response)
    if (request.url?.startsWith('/api/stream')) return stream(request, response)
    response.writeHead(200, { 'x-data-version': version, 'x-market-source': 'simulated' })
    const lines = fitting().map((row) => `${JSON.stringify(row)}\n`)
    const limit = limits.shift()
    if (limit === undefined) return void response.end(lines.join(''))
    response.write(lines.join('').slice(0, limit), () => response.socket?.destroy())
  }

  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get version() {
      return version
    },
    limits,
    faults,
    stateAt: (at) => states.get(at),
    change(changes) {
      mark++
      for (const { coin, fits } of changes) coins.set(`coin-${coin}`, { row: rowOf(coin, mark), fits, mark })
      next()
      tell()
    },
    alert() {
      const triggerId = `firing-${++mark}`
      alerts.push({ mark, triggerId })
      known.set(version, known.get(version) ?? mark)
      tell()
      return triggerId
    },
    readers: () => readers.size,
    cut: () => server.closeAllConnections(),
    forget() {
      known.clear()
      known.set(version, mark)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One step in as many messages as it takes, of which only the last has an id. */
function step(rows: MarketRow[], left: string[], version: string): StreamMessage[] {
  const count = Math.max(1, Math.ceil(rows.length / ROWS_A_MESSAGE))
  return Array.from({ length: count }, (_, index): StreamMessage => {
    const some = rows.slice(index * ROWS_A_MESSAGE, (index + 1) * ROWS_A_MESSAGE)
    const more = index < count - 1
    const data = { version, at: AT, rows: some, left: index === 0 ? left : [], more }
    return { event: 'changes', ...(!more && { id: version }), data }
  })
}

/** Writes messages as events, up to the limit in bytes: then the connection is cut, wherever that is. */
function senderOf(response: ServerResponse, limit = Number.POSITIVE_INFINITY) {
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

const rowOf = (coin: number, price: number): MarketRow => ({
  coinId: `coin-${coin}`,
  symbol: 'é€😀',
  name: `Coin ${coin}`,
  rank: null,
  priceUsd: price,
  marketCapUsd: null,
  volumeUsd24h: null,
  changePct: { '1h': null, '24h': null, '7d': null, '30d': null },
  shape7d: null,
  source: 'made-up',
  observedAt: AT,
  signals: null,
})

const alertMessage = (triggerId: string): StreamMessage => ({
  event: 'alert',
  data: {
    triggerId,
    alertId: 'alert',
    sequence: 1,
    coinId: 'coin-1',
    alertType: 'strong_signal',
    settings: {},
    isTriggered: true,
    triggeredAt: AT,
    evidence: { price: 1, score: 90, observedAt: AT },
  },
})
