import type { ReadStream, WriteStream } from 'node:tty'
import type { Client, DataSource } from '@crypto-signals/client'
import type { Command } from 'commander'
import { type Paint, paintOf, wantsColour } from './terminal/paint.ts'
import { harmless, jsonOf } from './terminal/text.ts'

/** What the program is run in. */
export interface Surroundings {
  out: WriteStream
  err: WriteStream
  keys: ReadStream
  env: NodeJS.ProcessEnv
  /** For a command that goes on until it is stopped: aborted by Ctrl-C and the like, which otherwise end the process. */
  untilStopped: () => AbortSignal
  now: () => number
  clientOf: (baseUrl: string) => Client
}

/** What a command works with. */
export interface Context extends Surroundings {
  client: Client
  json: boolean
  paint: Paint
  /** Columns of the terminal; undefined where lines may be of any length. */
  width: number | undefined
  print: (...lines: string[]) => void
  /** Prints a value as one line of JSON. */
  printJson: (value: unknown) => void
}

/** A command's work; it resolves to the exit code. */
export type Act = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Promise<number>,
) => (...args: [...A, Command]) => Promise<void>

/** Options that every command knows. */
export interface GlobalOptions {
  url: string
  json?: boolean
  color: boolean
}

export function contextOf({ url, json = false, color }: GlobalOptions, surroundings: Surroundings): Context {
  const { out, env, clientOf } = surroundings
  const colour = wantsColour(color, env, out.isTTY)
  return {
    ...surroundings,
    client: clientOf(url),
    json,
    paint: paintOf(colour),
    width: out.isTTY ? out.columns : undefined,
    print: (...lines) => {
      if (lines.length > 0) out.write(`${lines.map((line) => harmless(line, colour)).join('\n')}\n`)
    },
    printJson: (value) => void out.write(`${jsonOf(value)}\n`),
  }
}

/** What is said first wherever the market is not a real one. */
export const sourceNote = (source: DataSource, { warn }: Paint): string[] =>
  source === 'simulated' ? [warn('SIMULATED DATA: not a real market')] : []
