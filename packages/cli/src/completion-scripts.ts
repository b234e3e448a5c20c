import type { Command, Option } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** A script for the shell that completes commands, options and the words these may have. */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, '')
  return { bash, zsh, fish }[shell](program.name(), places)
}

/** A command with what may follow it. */
interface Place {
  /** Its names after the program's, each after a space. */
  path: string
  commands: readonly { name: string; description: string }[]
  options: readonly { flags: readonly string[]; takesValue: boolean; words: readonly string[]; description: string }[]
  /** The words that its arguments may be. */
  words: readonly string[]
}

function placesOf(command: Command, path: string, above: readonly Option[] = []): Place[] {
  const help = command.createHelp()
  const options = [...help.visibleOptions(command), ...above]
  const below = command.commands.flatMap((each) =>
    placesOf(each, `${path} ${each.name()}`, path === '' ? command.options.filter(isForAll) : above),
  )
  const place = {
    path,
    commands: command.commands.map((each) => ({ name: each.name(), description: each.description() })),
    options: options.map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      takesValue: option.required || option.optional,
      words: option.argChoices ?? [],
      description: option.description,
    })),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }
  return [place, ...below]
}

/** The program's own options stand in every place, but for that which asks for nothing else. */
const isForAll = ({ long }: Option) => long !== '--version'

/** The `case` branches that both bash and zsh understand: which command the words so far name, and what may follow. */
function branches(places: readonly Place[]) {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `      '${path}') place='${path}' ;;`)
  const values = places.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ flags, words }) =>
        flags.map((flag) => `    '${path} ${flag}') offered='${words.join(' ')}'; valued=1 ;;`),
      ),
  )
  const offers = places.map(({ path, commands, options, words }) => {
    const long = options.map(({ flags }) => flags.at(-1))
    return `      '${path}') offered='${[...commands.map(({ name }) => name), ...words, ...long].join(' ')}' ;;`
  })
  return { paths: paths.join('\n'), values: values.join('\n'), offers: offers.join('\n') }
}

const variable = (name: string) => `_${name.replaceAll('-', '_')}`

function bash(name: string, places: readonly Place[]): string {
  const { paths, values, offers } = branches(places)
  return `# ${name}: source <(${name} completions bash)
${variable(name)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" place='' offered='' valued='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
${paths}
    esac
  done
  case "$place \${COMP_WORDS[COMP_CWORD-1]}" in
${values}
  esac
  if [ -z "$valued" ]; then
    case "$place" in
${offers}
    esac
  fi
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
}
complete -F ${variable(name)} ${name}`
}

function zsh(name: string, places: readonly Place[]): string {
  const { paths, values, offers } = branches(places)
  return `#compdef ${name}
# ${name}: source <(${name} completions zsh), after compinit
${variable(name)}() {
  local place='' offered='' valued='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
${paths}
    esac
  done
  case "$place \${words[CURRENT-1]}" in
${values}
  esac
  if [ -z "$valued" ]; then
    case "$place" in
${offers}
    esac
  fi
  compadd -- \${=offered}
}
compdef ${variable(name)} ${name}`
}

function fish(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, options, words }) => {
    const names = path.split(' ').filter((part) => part !== '')
    const chosen = names.map((part) => `__fish_seen_subcommand_from ${part}`)
    const open =
      commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.map((each) => each.name).join(' ')}`]
    const when = [...chosen, ...open].join('; and ')
    const line = (rest: string, description: string) =>
      `complete -c ${name} -n '${when}' ${rest} -d '${quoted(description)}'`
    return [
      ...commands.map((each) => line(`-a ${each.name}`, each.description)),
      ...words.map((word) => line(`-a ${word}`, '')),
      ...options.map((option) => line(flagsOf(option), option.description)),
    ]
  })
  return [`# ${name}: ${name} completions fish | source`, `complete -c ${name} -f`, ...lines].join('\n')
}

const quoted = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")

function flagsOf({ flags, takesValue, words }: Place['options'][number]): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  return [...names, ...(takesValue ? ['-x'] : []), ...(words.length > 0 ? [`-a '${words.join(' ')}'`] : [])].join(' ')
}
