import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { alertsCommand } from './commands/alerts.ts'
import { coinCommand } from './commands/coin.ts'
import { completionsCommand } from './commands/completions.ts'
import { searchCommand } from './commands/search.ts'
import { statusCommand } from './commands/status.ts'
import { topCommand } from './commands/top.ts'
import { watchCommand } from './commands/watch.ts'
import { type Act, type Context, contextOf, type Surroundings } from './context.ts'
import { url } from './options.ts'

/** The whole command line; `exitCode` is that of the command which ran. */
export function programOf(surroundings: Surroundings): { program: Command; exitCode: () => number } {
  let code = 0
  const act: Act =
    <A extends unknown[]>(work: (context: Context, ...args: A) => Promise<number>) =>
    async (...given: [...A, Command]) => {
      const command = given.at(-1) as Command
      code = await work(contextOf(command.optsWithGlobals(), surroundings), ...(given.slice(0, -1) as unknown as A))
    }
  const { out, err, env } = surroundings
  const program = new Command('crypto-signals')
    .description('Scores of every listed crypto coin in the terminal: not investment advice')
    .version(versionOf(), '-V, --version', 'tell the version')
    .helpOption('-h, --help', 'tell how it is used')
    .addOption(
      new Option('--url <url>', 'where the server is, or CRYPTO_SIGNALS_URL').default(DEFAULT_URL).argParser(url),
    )
    .option('--json', 'answer as JSON on stdout, for programs')
    .option('--no-color', 'no colour; NO_COLOR and FORCE_COLOR count too')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) })
  program.hook('preAction', () => takeUrlOf(env, program))
  for (const commandOf of COMMANDS) program.addCommand(inherited(commandOf(act), program))
  return { program, exitCode: () => code }
}

const COMMANDS = [
  topCommand,
  coinCommand,
  searchCommand,
  watchCommand,
  alertsCommand,
  statusCommand,
  completionsCommand,
]

const DEFAULT_URL = 'http://localhost:3000'

const EXIT_CODES = `
Exit codes: 0 done; 1 the answer is a no (not found, not healthy, no answer, refused); 2 wrong usage.`

/** An address on the command line counts more than that of the environment. */
function takeUrlOf({ CRYPTO_SIGNALS_URL: said }: NodeJS.ProcessEnv, program: Command): void {
  if (!said || program.getOptionValueSource('url') !== 'default') return
  try {
    program.setOptionValueWithSource('url', url(said), 'env')
  } catch (error) {
    program.error(`error: CRYPTO_SIGNALS_URL: ${(error as Error).message}`)
  }
}

/** A command and those below it, with the program's ways of ending and of writing. */
function inherited(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const below of command.commands) inherited(below, command)
  return command
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return version
}
