import type { ErrorDetail } from '@crypto-signals/contracts'
import type { TObject } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { httpError } from './errors.ts'

// One for the process: it compiles each schema once.
const ajv = new Ajv({ allErrors: true, useDefaults: true, discriminator: true, strict: false, verbose: true })
addFormats.default(ajv, ['uuid'])

/**
 * Checks what comes in and changes nothing of a body. In a query, where all values are text, a plain decimal number
 * becomes one if the schema wants a number; nothing else is coerced. Unknown parameters and fields are faults.
 */
export const validatorOf: FastifySchemaCompiler<TObject> = ({ schema, httpPart }) => {
  const validate = ajv.compile(schema)
  const part = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request')
  const numbers = httpPart === 'querystring' ? numberNames(schema) : []
  return (data: Record<string, unknown>) => {
    for (const name of numbers) data[name] = decoded(data[name])
    if (validate(data)) return { value: data }
    return { error: httpError('HTTP_INVALID_REQUEST', detailsOf(validate.errors ?? [], part)) }
  }
}

const MAX_DETAILS = 20

const numberNames = (schema: TObject) =>
  Object.entries(schema.properties)
    .filter(([, { type }]) => type === 'integer' || type === 'number')
    .map(([name]) => name)

function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return value
  return Number(value)
}

function detailsOf(errors: readonly ErrorObject[], part: string): ErrorDetail[] {
  // The same fault can be found by a schema and by a branch of it.
  const found = new Map<string, ErrorDetail>()
  for (const error of errors) {
    const detail = { path: pathOf(error, part), message: messageOf(error) }
    if (found.size < MAX_DETAILS) found.set(`${detail.path} ${detail.message}`, detail)
  }
  return [...found.values()]
}

function pathOf({ instancePath, keyword, params }: ErrorObject, part: string): string {
  if (keyword === 'additionalProperties') return `${part}${instancePath}/${params.additionalProperty}`
  if (keyword === 'required') return `${part}${instancePath}/${params.missingProperty}`
  return `${part}${instancePath}`
}

function messageOf({ keyword, params, message, parentSchema }: ErrorObject): string {
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`
  if (keyword === 'additionalProperties') return 'is not known here'
  if (keyword === 'required') return 'is required'
  if (keyword === 'discriminator') return `${params.tag} must be one of ${tagsOf(parentSchema, params.tag).join(', ')}`
  return message ?? 'is not valid'
}

const tagsOf = (schema: ErrorObject['parentSchema'], tag: string) =>
  ((schema as { oneOf?: TObject[] } | undefined)?.oneOf ?? []).map(({ properties }) => String(properties[tag]?.const))
