#!/usr/bin/env node
import { createClient } from '@crypto-signals/client'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { serveHttp } from './http.ts'
import { optionsOf, USAGE, UsageError } from './options.ts'
import { createServer } from './server.ts'
import { versionOf } from './version.ts'

// In the stdio mode stdout belongs to the protocol: whatever is to be told goes to stderr.
const tell = (line: string) => void process.stderr.write(`${line}\n`)

function chosen() {
  try {
    return optionsOf(process.argv.slice(2), process.env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    tell(`crypto-signals-mcp: ${error.message}\nAdd --help to see how it is used.`)
    return process.exit(2)
  }
}

// Who hears no answers has gone, and ends this the same way as by closing stdin.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

const options = chosen()
const made = { client: createClient({ baseUrl: options.url }), allowWrites: options.allowWrites, now: Date.now, tell }

if (options.help) process.stdout.write(USAGE)
else if (options.version) process.stdout.write(`${versionOf()}\n`)
else if (options.http === null) await createServer(made).connect(new StdioServerTransport())
else {
  try {
    const { address, close } = await serveHttp(() => createServer(made), options.http)
    tell(
      `crypto-signals-mcp: ${address}, ${options.allowWrites ? 'alerts may be changed' : 'read-only'}, from ${options.url}`,
    )
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, close)
  } catch (error) {
    tell(`crypto-signals-mcp: cannot listen: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
