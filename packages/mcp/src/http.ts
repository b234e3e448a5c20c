import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { messageOf, type Refusal } from './http-message.ts'

export interface HttpOptions {
  host: string
  port: number
  /** Names by which callers may address it, beside those of this machine and `host`. */
  allowedHosts: readonly string[]
}

const PATH = '/mcp'

/**
 * Serves Streamable HTTP at `/mcp`. Each request is answered by a server of its own and as one JSON body: nothing is kept of a
 * caller, so there are no sessions to run out of, to expire or to be taken over.
 */
export async function serveHttp(createServer: () => McpServer, { host, port, allowedHosts }: HttpOptions) {
  const names = new Set([...LOOPBACK, ...(ANY_ADDRESS.has(host) ? [] : [bracketed(host)]), ...allowedHosts.map(lower)])
  const busy = new WeakSet<Socket>()
  const http = createHttpServer(LIMITS, (request, response) => {
    const refused = busy.has(request.socket) ? BUSY : refusalOf(request, names)
    if (refused) return refuse(request, response, refused)
    busy.add(request.socket)
    response.once('close', () => busy.delete(request.socket))
    answer(createServer, request, response).catch((error) => response.destroy(error))
  })
  http.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(port, host, resolve))
  const { address, port: taken } = http.address() as AddressInfo
  return {
    address: `http://${bracketed(address)}:${taken}${PATH}`,
    close: () => {
      http.close()
      http.closeIdleConnections()
      // Whoever still waits then waits in vain.
      setTimeout(() => http.closeAllConnections(), CLOSE_WITHIN_MS).unref()
    },
  }
}

// On each there is one request at a time, and in it one message: that many tools are under way at most.
const MAX_CONNECTIONS = 100

const CLOSE_WITHIN_MS = 5_000

const LIMITS = {
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
const ANY_ADDRESS = new Set(['0.0.0.0', '::', ''])

const lower = (name: string) => name.toLowerCase()
const bracketed = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : lower(host))

const BUSY = { status: 503, message: 'One request at a time on a connection' }

/** A page that a browser shows must not reach a server on its user's machine, by whatever name the page's owner gives it. */
function refusalOf({ headers, method, url = '' }: IncomingMessage, names: ReadonlySet<string>): Refusal | undefined {
  if (!names.has(nameOf(headers.host))) return { status: 403, message: 'This host name is not allowed' }
  if (headers.origin !== undefined && !names.has(nameOf(headers.origin.replace(SCHEME, ''))))
    return { status: 403, message: 'This origin is not allowed' }
  if (url.split('?')[0] !== PATH) return { status: 404, message: `There is only ${PATH}` }
  if (method !== 'POST') return { status: 405, message: 'Only POST: there are no sessions', headers: { allow: 'POST' } }
  return undefined
}

/** The name in `name:port`, with or without a port; empty if it is anything else. */
function nameOf(hostAndPort = ''): string {
  const url = `http://${hostAndPort}`
  return /^[^/@?#\\]+$/.test(hostAndPort) && URL.canParse(url) ? new URL(url).hostname : ''
}

const SCHEME = /^https?:\/\//

function refuse(request: IncomingMessage, response: ServerResponse, refused: Refusal): void {
  const { status, message, code = -32_000, headers = {} } = refused
  request.resume()
  const body = { jsonrpc: '2.0', error: { code, message }, id: null }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

async function answer(createServer: () => McpServer, request: IncomingMessage, response: ServerResponse) {
  const { refused, message } = await messageOf(request)
  if (refused) return refuse(request, response, refused)
  const server = createServer()
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  response.once('close', () => void server.close())
  await server.connect(transport)
  await transport.handleRequest(request, response, message)
}
