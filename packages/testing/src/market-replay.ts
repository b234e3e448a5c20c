import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '@crypto-signals/clock'
import { type Answer, answerOf } from './market-answers.ts'
import type { Fault } from './market-faults.ts'

/** A market source on this machine that speaks CoinGecko's contract and says what it is given. */
export interface MarketReplay extends AsyncDisposable {
  /** With and without `/api/v3` behind it. */
  readonly url: string
  /** Rows of /coins/markets as they are to be sent, largest market cap first; may repeat and be broken, and be changed at any time. */
  rows: readonly unknown[]
  /** Entries of /coins/list; null: those that the rows name. */
  list: readonly unknown[] | null
  /** All requests so far, in order of arrival. */
  readonly requests: MarketRequest[]
  /** Answers the next `times` requests with a fault, or those of them that `when` picks. Faults set first come first. */
  next(fault: Fault, times?: number, when?: (request: MarketRequest) => boolean): void
}

export interface MarketRequest {
  /** Path and query as sent. */
  url: string
  /** The path without `/api/v3`. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** When it arrived by the replay's clock, ms since the epoch. */
  at: number
}

interface MarketReplayOptions {
  rows: readonly unknown[]
  list?: readonly unknown[]
  /** The clock of whoever asks, to tell their pace by. */
  clock?: Clock
}

export async function startMarketReplay(options: MarketReplayOptions): Promise<MarketReplay> {
  const { rows, list = null, clock = systemClock } = options
  const faults: { fault: Fault; times: number; when: (request: MarketRequest) => boolean }[] = []
  const server = createServer((message, response) => {
    const request = requestOf(message, clock.now())
    replay.requests.push(request)
    const answer = answerOf(request, replay)
    const due = faults.find(({ times, when }) => times > 0 && when(request))
    if (due === undefined) return send(response, answer)
    due.times--
    due.fault(response, answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const replay: MarketReplay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows,
    list,
    requests: [],
    next: (fault, times = 1, when = () => true) => void faults.push({ fault, times, when }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return replay
}

function requestOf({ url = '/', headers }: IncomingMessage, at: number): MarketRequest {
  const { pathname, searchParams } = new URL(`http://localhost${url}`)
  return { url, path: pathname.replace(/^\/api\/v3(?=\/)/, ''), query: searchParams, headers, at }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body)
}
