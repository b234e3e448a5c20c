import type { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'

/** What goes wrong with an answer: `body` is what would have been said. */
export type Fault = (response: ServerResponse, body: string) => void

/** What CoinGecko, the networks before it and the proxies between do now and then. */
export const FAULTS = {
  /** `headers` say until when, if at all: `retry-after` in seconds or as a date, `x-ratelimit-reset`. */
  rateLimited: (headers: Record<string, string> = {}): Fault => says(429, limited(), headers),
  /** A rate limit that calls itself a success. */
  disguisedRateLimit: says(200, limited()),
  /** A throttle of the public host that claims a wrong key. */
  wrongHost: says(400, {
    error_code: 10010,
    error_message:
      'If you are using Pro API key, please change your root URL from api.coingecko.com to pro-api.coingecko.com',
  }),
  unauthorised: says(401, statusOf(10002, 'API Key Missing.')),
  uriTooLong: text(414, 'text/html', '<html><head><title>414 Request-URI Too Large</title></head></html>'),
  serverError: says(500, statusOf(500, 'Internal server error')),
  badGateway: text(502, 'text/plain', 'Bad Gateway'),
  htmlPage: text(200, 'text/html', '<!DOCTYPE html><html><title>Just a moment...</title></html>'),
  emptyList: says(200, []),
  /** A whole answer whose JSON ends in the middle. */
  truncated: ((response, body) => text(200, 'application/json', half(body))(response, body)) as Fault,
  /** The connection breaks in the middle of the body. */
  reset: ((response, body) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.write(half(body), () => response.socket?.resetAndDestroy())
  }) as Fault,
  /** Never answers. */
  stall: (() => undefined) as Fault,
  /** Begins well and never ends. */
  endless: ((response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    pipeline(Readable.from(endlessRows()), response, () => undefined)
  }) as Fault,
}

function says(status: number, body: unknown, headers: Record<string, string> = {}): Fault {
  return text(status, 'application/json; charset=utf-8', JSON.stringify(body), headers)
}

function text(status: number, type: string, body: string, headers: Record<string, string> = {}): Fault {
  return (response) => response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

function statusOf(error_code: number, error_message: string) {
  return { status: { error_code, error_message } }
}

function limited() {
  return statusOf(429, "You've exceeded the Rate Limit.")
}

function half(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2))
}

function* endlessRows() {
  yield '['
  for (;;) yield '{"id":"bitcoin"},'.repeat(1_000)
}
