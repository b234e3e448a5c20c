import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { migrateStore, type StoreOptions } from './open.ts'
import { StoreError } from './store-error.ts'

/** Brings the data that the environment names to the newest schema; exits with 1 when it could not, with 2 when told nonsense. */
async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const faults: string[] = []
  const stores = await storesOf(env, faults)
  if (faults.length > 0) {
    process.stderr.write(`the configuration is not valid:\n${faults.map((fault) => `  ${fault}\n`).join('')}`)
    return 2
  }
  try {
    for (const store of stores) {
      const { where, steps, schema } = await migrateStore(store)
      const done = steps === 0 ? 'nothing to do' : `${steps} ${steps === 1 ? 'migration' : 'migrations'} run`
      process.stdout.write(`${where}: ${done}, the schema is ${schema}\n`)
    }
    return 0
  } catch (error) {
    // What an operator can mend has a code, and a message that says it all.
    const { code, message, stack } = error as NodeJS.ErrnoException
    process.stderr.write(`cannot migrate: ${code === undefined ? stack : message}\n`)
    return 1
  }
}

/** Real data, and beside them those of the simulator where it is on. */
async function storesOf(env: NodeJS.ProcessEnv, faults: string[]): Promise<StoreOptions[]> {
  const log = pino({ level: 'warn', base: null }, pino.destination({ dest: 2, sync: true }))
  const url = addressOf(env, faults)
  if (url !== undefined) await checkAddress(url, faults)
  const serverSelectionTimeoutMs = timeoutOf(env, faults)
  const { DATA_DIR: dataDir = '.data', MARKET_SOURCES } = env
  const common = { url, dataDir: dataDir || '.data', serverSelectionTimeoutMs, log }
  const real = { ...common, file: 'market.sqlite' }
  if (MARKET_SOURCES !== 'simulator') return [real]
  return [real, { ...common, file: 'simulated.sqlite', databaseSuffix: '_simulated' }]
}

/** As every process reads it: an empty variable counts as unset, and `MONGODB_URI_FILE` names a file that holds the address. */
function addressOf({ MONGODB_URI, MONGODB_URI_FILE }: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  if (MONGODB_URI || !MONGODB_URI_FILE) return MONGODB_URI || undefined
  try {
    return readFileSync(MONGODB_URI_FILE, 'utf8').trim()
  } catch (error) {
    faults.push(`MONGODB_URI_FILE: ${(error as Error).message}`)
    return undefined
  }
}

async function checkAddress(url: string, faults: string[]): Promise<void> {
  const { assertAddress } = await import('./mongodb/connection.ts')
  try {
    assertAddress(url)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    faults.push(`MONGODB_URI: ${error.message}`)
  }
}

function timeoutOf(
  { MONGODB_SERVER_SELECTION_TIMEOUT_MS: text }: NodeJS.ProcessEnv,
  faults: string[],
): number | undefined {
  if (!text) return undefined
  const isTimeout = /^\d+$/.test(text) && Number(text) >= 100 && Number(text) <= 600_000
  if (!isTimeout) faults.push('MONGODB_SERVER_SELECTION_TIMEOUT_MS: must be an integer from 100 to 600000')
  return Number(text)
}

process.exitCode = await main(process.env)
