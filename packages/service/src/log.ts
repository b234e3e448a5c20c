import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Level, type Logger, multistream, pino, type StreamEntry } from 'pino'
import pretty from 'pino-pretty'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { ConfigError } from './config.ts'

export interface LogOptions {
  name: string
  level: string
  /** Where combined.log and error.log go; without it, to standard output alone. */
  dir?: string | undefined
}

/**
 * JSON lines to standard output, in plain words on a terminal; with `dir` to rotating files too. `close` writes out what is
 * left. Throws a `ConfigError` when `dir` cannot be written.
 */
export function createLog({ name, level, dir }: LogOptions): { log: Logger; close: () => Promise<void> } {
  const out = process.stdout.isTTY ? pretty({ sync: true, ignore: 'pid,hostname,name' }) : process.stdout
  const files = dir === undefined ? [] : logFiles(dir)
  const streams: StreamEntry[] = [
    { level: level as Level, stream: out },
    ...files.map(({ stream, errorsOnly }) => ({ level: (errorsOnly ? 'error' : level) as Level, stream })),
  ]
  const log = pino({ name, level, redact: REDACTED }, multistream(streams))
  return { log, close: async () => void (await Promise.all(files.map(({ stream }) => ended(stream)))) }
}

const REDACTED = ['*.authorization', '*.cookie', '*.apiKey', '*["x-api-key"]', '*["x-cg-demo-api-key"]']

function logFiles(dir: string) {
  mustBeWritable(dir)
  const file = (name: string) => createStream(name, { path: dir, size: '20M', rotate: 5 })
  return [
    { stream: file('combined.log'), errorsOnly: false },
    { stream: file('error.log'), errorsOnly: true },
  ]
}

// The stream itself opens its file later, and a failure then would end the process from within.
function mustBeWritable(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true })
    for (const name of ['combined.log', 'error.log']) closeSync(openSync(join(dir, name), 'a'))
  } catch (error) {
    throw new ConfigError([`LOG_DIR: ${(error as Error).message}`])
  }
}

const ended = (stream: RotatingFileStream) => new Promise<void>((resolve) => stream.end(() => resolve()))
