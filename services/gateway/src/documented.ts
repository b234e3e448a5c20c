import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** The paths of a service's OpenAPI document. */
export type Paths = Record<string, object>

const Document = Type.Object({ paths: Type.Record(Type.String(), Type.Object({})) })

/** Those of the paths in `document` that lie at or below `prefixes`; throws when it is no OpenAPI document. */
export function pathsIn(document: unknown, prefixes: readonly string[]): Paths {
  const { paths } = Value.Decode(Document, document)
  const isOurs = (path: string) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  return Object.fromEntries(Object.entries(paths).filter(([path]) => isOurs(path)))
}
