import { setTimeout } from 'node:timers/promises'
import { startDistributed } from './distributed.ts'
import { MissingServersError, SERVER_VARIABLES, startDevServers } from './servers.ts'
import { stopRequest } from './stop-request.ts'

const stop = stopRequest()

/** Until told to stop, or one of the servers ends; gives the exit status. */
async function serve(): Promise<number> {
  try {
    const missing = SERVER_VARIABLES.filter((variable) => !process.env[variable])
    await using servers = await startDevServers(process.env.DATA_DIR || '.data', missing)
    for (const [name, url] of Object.entries(servers.urls)) say(`${name}=${url}`)
    await using system = await startDistributed({ ...process.env, ...servers.urls }, say)
    void tellWhenReady(system.url)
    const ended = await Promise.race([
      stop.then(() => undefined),
      servers.died.then((name) => `${name} ended by itself`),
      system.misconfigured.then((name) => `the configuration of ${name} is not valid`),
    ])
    say(`${ended ?? 'asked to stop'}: stopping all, in order`)
    return ended === undefined ? 0 : 1
  } catch (error) {
    if (!(error instanceof MissingServersError)) throw error
    say(error.message)
    return 1
  }
}

async function tellWhenReady(url: string): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isReady())) await setTimeout(AGAIN_AFTER_MS)
  say(`Crypto Signals at ${url} (API page: ${url}/api-docs)`)
  if ((process.env.MARKET_SOURCES ?? 'auto') === 'auto')
    say('Prices come from the free sources; without a network: MARKET_SOURCES=simulator npm run dev:distributed')
}

const AGAIN_AFTER_MS = 250

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exit(await serve())
