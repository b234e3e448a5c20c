import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '@crypto-signals/testing'

export const DATA_FILE = 'killed.sqlite'

/** What the store had acknowledged: the last round of each kind of write, and how many calls it had counted. */
export type Acknowledged = Record<'quotes' | 'signals' | 'scores' | 'firings' | 'calls', number>

/** A process that writes into a store as fast as it can. */
export interface KillableWriter extends AsyncDisposable {
  readonly acknowledged: Acknowledged
  /** Resolves when some more writes, a random number of them, have been acknowledged. */
  writes(): Promise<void>
  /** Stops the process wherever it is, copies its files, and lets it go on. What was acknowledged before must be in the copy. */
  copyTo(dir: string): Promise<Acknowledged>
  /** Ends it without a warning. */
  kill(): Promise<void>
}

export function startWriter(dataDir: string): KillableWriter {
  const writer = fileURLToPath(new URL('writer.ts', import.meta.url))
  const child = spawn(process.execPath, [writer, dataDir, DATA_FILE], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const acknowledged = { quotes: 0, signals: 0, scores: 0, firings: 0, calls: 0 }
  let seen = 0
  lines.on('line', (line) => {
    const [what, round] = line.split(' ')
    acknowledged[what as keyof Acknowledged] = Number(round)
    seen++
  })
  const ended = once(lines, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    acknowledged,
    writes: async () => {
      const enough = seen + randomInt(1, 40)
      await until(() => seen >= enough || child.exitCode !== null)
    },
    copyTo: async (dir) => {
      await freeze(child)
      const before = { ...acknowledged }
      for (const suffix of ['', '-wal'])
        await copyFile(join(dataDir, DATA_FILE + suffix), join(dir, DATA_FILE + suffix))
      child.kill('SIGCONT')
      return before
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP')
  // A signal takes its time; copied before it has arrived, the two files would not be of one moment.
  await until(async () => / T /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8')))
}
