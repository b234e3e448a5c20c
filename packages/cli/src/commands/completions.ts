import { Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../completion-scripts.ts'
import type { Act, Context } from '../context.ts'
import { oneOfArgument } from '../options.ts'

export const completionsCommand = (act: Act): Command => {
  const command = new Command('completions')
    .description('a script that teaches a shell to complete this command')
    .addArgument(oneOfArgument('<shell>', 'bash, zsh or fish', SHELLS))
  return command.action(
    act(async ({ out }: Context, shell: Shell) => {
      out.write(`${completionScript(shell, command.parent ?? command)}\n`)
      return 0
    }),
  )
}
