import { MissingServersError, startDevServers } from './servers.ts'
import { stopRequest } from './stop-request.ts'

const stop = stopRequest()
const dataDir = process.env.DATA_DIR || '.data'

/** Until told to stop, or one of them ends; gives the exit status. */
async function serve(): Promise<number> {
  try {
    await using servers = await startDevServers(dataDir)
    for (const [name, url] of Object.entries(servers.urls)) process.stdout.write(`export ${name}='${url}'\n`)
    note(`Give these to the services. Data are kept in ${dataDir}/servers; Ctrl-C stops all three servers.`)
    const died = await Promise.race([servers.died, stop])
    if (died === undefined) return 0
    note(`${died} ended by itself: the others are stopped too.`)
    return 1
  } catch (error) {
    if (!(error instanceof MissingServersError)) throw error
    note(error.message)
    return 1
  }
}

/** Not among the lines that a shell may evaluate. */
function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

process.exit(await serve())
