import {
  Alert,
  CoinId,
  Instant,
  MarketIndex,
  Quote,
  ScoredCoin,
  SourceName,
  SourceStatus,
  TriggeredAlert,
  Uuid,
} from '@crypto-signals/contracts'
import type { Document } from 'mongodb'

/** What the documents of a collection must look like, from the contracts, as MongoDB's dialect of JSON Schema. */
export function validatorsOf(): Record<string, Document> {
  const { coinId: _coin, ...quote } = Quote.properties
  const { coinId: _scored, ...scored } = ScoredCoin.properties
  const { triggerId: _trigger, ...trigger } = TriggeredAlert.properties
  const times = { observedAt: Instant, updatedAt: Instant }
  return {
    quotes: objectOf({ _id: CoinId, ...quote, sparkline: { anyOf: [{ type: 'binData' }, { type: 'null' }] } }),
    signals: objectOf({ _id: CoinId, ...times, ...scored }),
    alerts: objectOf({ _id: Uuid, version: { type: 'integer', minimum: 0 }, alert: Alert }),
    triggers: objectOf({ _id: Uuid, ...trigger, published: { type: 'boolean' } }),
    bars: objectOf(PACKED),
    scores: objectOf(PACKED),
    mappings: objectOf(MAPPING),
    indices: objectOf({ _id: { type: 'string' }, value: MarketIndex }),
    statuses: objectOf({ _id: { type: 'string' }, status: SourceStatus }),
  }
}

const PACKED = { _id: { type: 'string' }, packed: { type: 'binData' }, version: { type: 'integer', minimum: 1 } }

const MAPPING = {
  _id: { type: 'string' },
  source: SourceName,
  key: { type: 'string', minLength: 1 },
  coinId: CoinId,
  method: { type: 'string' },
  confidence: { type: 'number', minimum: 0, maximum: 1 },
  multiplier: { type: 'number', exclusiveMinimum: 0 },
  firstSeenAt: Instant,
  lastSeenAt: Instant,
}

interface JsonSchema extends Document {
  type?: string
  const?: unknown
  pattern?: string
  exclusiveMinimum?: number
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
}

const objectOf = (properties: Record<string, JsonSchema>) =>
  dialectOf({ type: 'object', properties, required: Object.keys(properties) })

/** MongoDB knows draft 4 with types of its own. Unknown fields are let through: a newer version may write beside an older one. */
function dialectOf(schema: JsonSchema): Document {
  const { type, pattern, exclusiveMinimum, properties, items, anyOf } = schema
  return {
    ...Object.fromEntries(SAME.filter((key) => key in schema).map((key) => [key, schema[key]])),
    ...(type === undefined ? {} : (TYPES[type] ?? { bsonType: type })),
    ...('const' in schema ? { enum: [schema.const] } : {}),
    ...(pattern === undefined ? {} : { pattern: pattern.replaceAll('\\u00', '\\x') }),
    ...(exclusiveMinimum === undefined ? {} : { minimum: exclusiveMinimum, exclusiveMinimum: true }),
    ...(items === undefined ? {} : { items: dialectOf(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(dialectOf) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, dialectOf(value)])) }),
  }
}

const SAME = ['enum', 'required', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

const TYPES: Record<string, Document> = {
  boolean: { bsonType: 'bool' },
  // Integers beyond 32 bits are stored as doubles.
  integer: { bsonType: 'number', multipleOf: 1 },
}
