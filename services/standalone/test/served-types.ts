import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemClock } from '@crypto-signals/clock'
import { createMetrics, loadConfig } from '@crypto-signals/service'
import { captureLog, tempDir } from '@crypto-signals/testing'
import { buildStandalone } from '../src/app.ts'
import { StandaloneConfig } from '../src/config.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TYPES = 'packages/client/src/openapi.ts'

/** Where the client keeps the types of what the API takes and gives. */
export const TYPES_FILE = join(ROOT, TYPES)

/** The OpenAPI document that the whole system serves. */
export async function servedDocument(env: Record<string, string> = {}): Promise<string> {
  await using dir = await tempDir()
  const config = loadConfig(StandaloneConfig, { MARKET_SOURCES: 'simulator', DATA_DIR: dir.path, ...env })
  const surroundings = { clock: systemClock, log: captureLog().log, metrics: createMetrics() }
  const process = await buildStandalone(config, surroundings)
  const { body } = await process.server.inject('/api-docs/json')
  await process.server.close()
  await process.stop()
  return body
}

/** The types of a document, as they stand in `TYPES_FILE` when it is the one that the system serves. */
export async function typesOf(document: string): Promise<string> {
  const types = await piped(document, [process.execPath, 'packages/client/test/types-main.ts'])
  return piped(types, ['node_modules/.bin/biome', 'format', `--stdin-file-path=${TYPES}`])
}

async function piped(input: string, [program = '', ...args]: string[]): Promise<string> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  child.stdin.end(input)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')}: ${errors}`)
  return output
}
