// Reads an OpenAPI document of the system on standard input and writes its TypeScript types. Used by `npm run openapi`.
import { json } from 'node:stream/consumers'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import type ts from 'typescript'

type Json = Record<string, any>

/** What deserves a name, by where an answer holds it (`*` is an item of a list); wherever else the same is, the name is used. */
const NAMED: Record<string, [path: string, status: number, ...steps: string[]]> = {
  Failure: ['/api/signals', 400],
  ErrorDetail: ['/api/signals', 400, 'details', '*'],
  Candidate: ['/api/signals', 400, 'candidates', '*'],
  Meta: ['/api/signals', 200, 'meta'],
  Pagination: ['/api/signals', 200, 'pagination'],
  Signal: ['/api/signals', 200, 'data', '*'],
  Coin: ['/api/coins', 200, 'data', '*'],
  Bar: ['/api/coins/{coinId}/bars', 200, 'data', '*'],
  ScorePoint: ['/api/signals/coin/{coinId}/history', 200, 'data', '*'],
  HorizonScore: ['/api/signals/delta', 200, 'data', '*', 'signals', 'SCALPING'],
  MarketRow: ['/api/signals/delta', 200, 'data', '*'],
  StreamMessage: ['/api/stream', 200],
  Alert: ['/api/alerts', 200, 'data', '*'],
  TriggeredAlert: ['/api/alerts/triggered', 200, 'data', '*'],
  SourceStatus: ['/api/sources', 200, 'data', '*'],
  Health: ['/api/health', 200],
}

const HEAD = `// Made by \`npm run openapi\` from what the running system says of itself: not to be edited.
/* oxlint-disable */

`

const document = (await json(process.stdin)) as Json
const nodes = await openapiTS(withNames(document) as OpenAPI3)
process.stdout.write(`${HEAD}${astToString(nodes.filter(isWanted))}`)

/** The document with `NAMED` under `components`, and references to them. Where it was served and by which version is nothing to types. */
function withNames({ openapi, paths }: Json): Json {
  const found = Object.entries(NAMED).map(([name, where]) => [name, schemaAt(paths, where)] as const)
  const names = new Map(found.map(([name, schema]) => [JSON.stringify(schema), name]))
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, named(part)]))
  }
  const named = (value: unknown): unknown => {
    const name = names.get(JSON.stringify(value))
    return name === undefined ? inner(value) : { $ref: `#/components/schemas/${name}` }
  }
  const schemas = Object.fromEntries(found.map(([name, schema]) => [name, inner(schema)]))
  return { openapi, info: { title: 'Crypto Signals', version: '0' }, paths: named(paths), components: { schemas } }
}

function schemaAt(paths: Json, [path, status, ...steps]: [string, number, ...string[]]): Json {
  const [media] = Object.values<Json>(paths[path]?.get?.responses?.[status]?.content ?? {})
  let schema = media?.schema as Json | undefined
  for (const step of steps) {
    schema = step === '*' ? schema?.items : schema?.properties?.[step]
    schema = schema?.anyOf?.find(({ type }: Json) => type !== 'null') ?? schema
  }
  if (schema === undefined) throw new Error(`The document has no ${[path, status, ...steps].join(' ')}`)
  return schema
}

/** The others are empty. */
function isWanted(node: ts.Node): boolean {
  return ['paths', 'components'].includes((node as ts.InterfaceDeclaration).name?.text)
}
