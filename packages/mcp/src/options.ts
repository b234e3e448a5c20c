import { parseArgs } from 'node:util'
import type { HttpOptions } from './http.ts'

export interface Options {
  help: boolean
  version: boolean
  /** Where the API is. */
  url: string
  allowWrites: boolean
  /** How to serve over HTTP; null for stdio. */
  http: HttpOptions | null
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

export const USAGE = `Usage: crypto-signals-mcp [options]

A Model Context Protocol server of the Crypto Signals API: on stdin and stdout, or over HTTP. Not investment advice.

Options:
  --url <url>            where the API is, or CRYPTO_SIGNALS_URL (default: http://localhost:3000)
  --allow-writes         also offer tools that set and delete alerts
  --http                 serve over HTTP (Streamable HTTP at /mcp) instead of stdin and stdout
  --port <port>          port for --http (default: 3030)
  --host <host>          address for --http (default: 127.0.0.1)
  --allowed-host <name>  a name by which callers may address it, beside localhost and --host; may be given often
  --version              tell the version
  --help                 tell how it is used
`

/** What the command line and the environment say. Throws a UsageError. */
export function optionsOf(args: string[], env: NodeJS.ProcessEnv): Options {
  const { help, version, http, port, host, ...said } = parsed(args)
  const given = said.url ?? (env.CRYPTO_SIGNALS_URL || DEFAULT_URL)
  return {
    help,
    version,
    url: urlOf(given),
    allowWrites: said['allow-writes'],
    http: http ? { host, port: portOf(port), allowedHosts: said['allowed-host'] } : null,
  }
}

const DEFAULT_URL = 'http://localhost:3000'

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: 'string' },
        'allow-writes': { type: 'boolean', default: false },
        http: { type: 'boolean', default: false },
        port: { type: 'string', default: '3030' },
        host: { type: 'string', default: '127.0.0.1' },
        'allowed-host': { type: 'string', multiple: true, default: [] },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    throw new UsageError(`the API's address must be one such as ${DEFAULT_URL}`)
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError('--port must be a number up to 65535')
  return port
}
