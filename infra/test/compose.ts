import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8')

/** What this repository's compose file uses of the format. */
export interface ComposeService {
  image: string
  build?: { context: string; dockerfile: string; args: { SERVICE: string; PORT: string } }
  environment?: Record<string, string>
  entrypoint?: string[]
  command?: string[]
  user?: string
  working_dir?: string
  restart: string
  read_only: boolean
  cap_drop: string[]
  security_opt: string[]
  tmpfs?: string[]
  mem_limit: string
  pids_limit: number
  logging: { driver: string; options: Record<string, string> }
  networks: string[]
  ports?: string[]
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { disable?: boolean; test?: string[] }
  profiles?: string[]
  container_name?: string
}

export interface Compose {
  services: Record<string, ComposeService>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>
  volumes: Record<string, object>
}

export type Variables = Record<string, string | undefined>

/** docker-compose.yml with the variables in place, as `docker compose config` shows it. Throws where it asks for a value that is missing. */
export function composeWith(variables: Variables): Compose {
  return inPlace(parse(read('docker-compose.yml'), { merge: true }), variables) as Compose
}

/** A service of the file. */
export function serviceOf({ services }: Compose, name: string): ComposeService {
  const service = services[name]
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`)
  return service
}

/** The variables of an .env made by the very command that .env.example gives. */
export function generatedVariables(): Record<string, string> {
  const example = read('.env.example')
  const command = /^#\s+(\(umask .*> \.env\))$/m.exec(example)?.[1]
  if (command === undefined) throw new Error('.env.example says no command that makes .env')
  const made = execFileSync('sh', ['-c', command.replace('> .env)', ')')], { cwd: ROOT, encoding: 'utf8' })
  return Object.fromEntries([...made.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]))
}

function inPlace(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return interpolate(value, variables)
  if (Array.isArray(value)) return value.map((item) => inPlace(item, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inPlace(item, variables)]))
}

/** Of compose's forms those that we use: `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; a default may hold more of them. */
function interpolate(text: string, variables: Variables): string {
  const start = text.indexOf('$')
  if (start < 0) return text
  const [before, rest] = [text.slice(0, start), text.slice(start + 1)]
  if (rest.startsWith('$')) return `${before}$${interpolate(rest.slice(1), variables)}`
  if (!rest.startsWith('{')) throw new Error(`not a form that we use: ${text}`)
  const end = closingBrace(rest)
  const [, name = '', form, word = ''] = /^(\w+)(?:(:-|:\?)(.*))?$/s.exec(rest.slice(1, end)) ?? []
  const value = variables[name] || (form === ':-' ? interpolate(word, variables) : '')
  if (form === ':?' && value === '') throw new Error(`${name}: ${word}`)
  return before + value + interpolate(rest.slice(end + 1), variables)
}

function closingBrace(text: string): number {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '{') depth++
    else if (text[index] === '}' && --depth === 0) return index
  }
  throw new Error(`a brace is not closed: ${text}`)
}
