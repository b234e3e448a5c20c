import fastJsonStringify, { type Schema } from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'

type Serialize = (data: unknown) => string

// Most routes answer their failures alike, so that 299 schemas of a system are 25: each is compiled once in a process.
const compiled = new WeakMap<Schema, Serialize>()

/** Writes answers as their schema says, like Fastify's own. Schemas refer to no others. */
export const serializerOf: FastifySerializerCompiler<Schema> = ({ schema }) => {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const serialize = fastJsonStringify(schema)
  compiled.set(schema, serialize)
  return serialize
}
