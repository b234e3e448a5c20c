import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers one request after the other as it is told; the last answer is given again and again. */
export interface ScriptedServer extends AsyncDisposable {
  url: string
  /** What was asked, for example `GET /api/coins?page=2`. */
  asked: string[]
  /** The headers of each request. */
  headers: IncomingMessage['headers'][]
  /** How many requests are being answered. */
  open(): number
}

export type Script = (response: ServerResponse, request: IncomingMessage) => void

export async function startScriptedServer(script: readonly Script[]): Promise<ScriptedServer> {
  const asked: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const open = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    const answer = script[Math.min(asked.length, script.length - 1)]
    asked.push(`${request.method} ${request.url}`)
    headers.push(request.headers)
    open.add(response)
    response.on('close', () => open.delete(response))
    answer?.(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    open: () => open.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Script =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

export const cutOff: Script = (response) => void response.socket?.destroy()

export const silence: Script = () => {}

/** A head and the beginning of a body that never ends. */
export const unfinished =
  (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Script =>
  (response) => {
    response.writeHead(200, headers)
    response.write(body)
  }
