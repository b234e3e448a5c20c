import { CommanderError } from 'commander'
import type { Surroundings } from './context.ts'
import { report } from './failure.ts'
import { programOf } from './program.ts'

/** Runs one command line to its end. Resolves to 0, to 1 when the answer is a no, or to 2 when the command line is wrong. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program, exitCode } = programOf(surroundings)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode()
  } catch (error) {
    // What it has to say about the command line it has said already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return report(error, program.opts(), surroundings)
  }
}
