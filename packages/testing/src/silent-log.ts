import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'

export type LogLine = Record<string, unknown> & { level: number; msg: string }

/** A logger that keeps its lines instead of writing them; `level` is a number as pino has it: 30 info, 40 warn, 50 error. */
export function captureLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  return { log: pino({ level: 'trace', base: null }, sink), lines }
}
