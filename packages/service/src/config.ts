import { readFileSync } from 'node:fs'
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** What is wrong with the environment, every fault at once. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`the configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Reads what `schema` names out of the environment, checks all of it and freezes it. An empty variable counts as unset;
 * `NAME_FILE` gives the file that holds the value of `NAME`, for secrets. A schema may say in words what is `expected`.
 */
export function loadConfig<S extends TObject>(schema: S, env: NodeJS.ProcessEnv): Static<S> {
  const faults: string[] = []
  const raw: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const text = textOf(name, env, faults)
    if (text !== undefined) raw[name] = decoded(property, text)
  }
  const config = Value.Default(schema, raw)
  for (const { path, message, schema: wanted } of Value.Errors(schema, config))
    faults.push(`${path.slice(1)}: ${wanted.expected ?? message}`)
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(config) as Static<S>
}

function textOf(name: string, env: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  if (env[name]) return env[name]
  const file = env[`${name}_FILE`]
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    faults.push(`${name}_FILE: ${(error as Error).message}`)
    return undefined
  }
}

function decoded(schema: TSchema, text: string): unknown {
  if (schema.type === 'integer' || schema.type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}
