import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import * as fc from 'fast-check'
import t from 'tap'
import * as contracts from './index.ts'

const { actionOf, AlertRequest, EVENTS, PARTITIONS, partitionOf, primaryOf, RATING_LIMITS } = contracts

/** Every schema inside `schema`, with the path to it. */
function* walk(schema: TSchema, path: string): Generator<[string, TSchema]> {
  yield [path, schema]
  for (const [name, inner] of Object.entries<TSchema>(schema.properties ?? {})) yield* walk(inner, `${path}/${name}`)
  for (const inner of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (inner !== undefined) yield* walk(inner, `${path}/*`)
  }
}

const isSchema = (value: unknown): value is TSchema =>
  typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value)

const SCHEMAS = Object.entries<unknown>(contracts).flatMap(([name, value]): [string, TSchema][] =>
  isSchema(value) ? [[name, value]] : [],
)

t.test('every object of the contract refuses properties that it does not name', async (t) => {
  const objects = SCHEMAS.flatMap(([name, schema]) => [...walk(schema, name)]).filter(
    ([, { properties }]) => properties !== undefined,
  )
  t.ok(objects.length > 50)
  for (const [path, schema] of objects) t.equal(schema.additionalProperties, false, path)
})

t.test('everything that comes in over HTTP or the bus has bounds', async (t) => {
  const requests = SCHEMAS.filter(([name]) => /Query$|Params$|^AlertRequest$/.test(name))
  const events = Object.entries(EVENTS).map(([name, { schema }]): [string, TSchema] => [name, schema])
  t.ok(requests.length >= 10)
  for (const [path, schema] of [...requests, ...events].flatMap(([name, schema]) => [...walk(schema, name)])) {
    if (schema.type === 'string')
      t.ok(schema.enum ?? schema.const ?? schema.maxLength ?? schema.format ?? schema.pattern, path)
    if (schema.type === 'array') t.ok(schema.maxItems, path)
    if (schema.type === 'number')
      t.ok(schema.maximum !== undefined && (schema.minimum ?? schema.exclusiveMinimum) !== undefined, path)
  }
})

t.test('the recommendation changes exactly at the limits', async (t) => {
  const { strongBuy, buy, sell, strongSell } = RATING_LIMITS
  t.strictSame([strongBuy, buy, sell, strongSell], [80, 60, 40, 20])
  t.strictSame([100, 80, 79.99, 60, 59.99, 40.01, 40, 20.01, 20, 0].map(actionOf), [
    'STRONG_BUY',
    'STRONG_BUY',
    'BUY',
    'BUY',
    'HOLD',
    'HOLD',
    'SELL',
    'SELL',
    'STRONG_SELL',
    'STRONG_SELL',
  ])
})

t.test('a coin lies in one partition for ever, and coins spread over all of them', async (t) => {
  // Fixed: a change would send the events of running systems to other consumers.
  t.strictSame(['bitcoin', 'ethereum', '', 'ポケモン'].map(partitionOf), [13, 0, 5, 8])
  fc.assert(fc.property(fc.string(), (id) => partitionOf(id) >= 0 && partitionOf(id) < PARTITIONS))
  const coins = Array.from({ length: 16_000 }, (_, coin) => partitionOf(`coin-${coin}`))
  const counts = Array.from({ length: PARTITIONS }, (_, partition) => coins.filter((of) => of === partition).length)
  t.ok(Math.min(...counts) > 700 && Math.max(...counts) < 1_300)
})

t.test('the primary signal is the surest, and the shortest horizon among equals', async (t) => {
  const signal = (confidence: number) => ({ recommendation: { action: 'HOLD', confidence } }) as contracts.Signal
  const of = (...confidences: number[]) => {
    const signals = confidences.map(signal)
    return signals.indexOf(primaryOf(signals))
  }
  t.equal(of(0.2, 0.9, 0.9, 0.1), 1)
  t.equal(of(0, 0, 0, 0), 0)
  t.equal(of(0.1, 0.2, 0.3, 0.4), 3)
})

t.test('the settings that an alert takes depend on its type', async (t) => {
  const takes = (alertType: string, settings?: object) =>
    Value.Check(contracts.Alert.properties.alertType, alertType) &&
    AlertRequest.oneOf.some((one: TSchema) =>
      Value.Check(one, { coinId: 'bitcoin', alertType, ...(settings && { settings }) }),
    )
  t.ok(takes('price_above', { threshold: 5, cooldownMs: 0 }))
  t.ok(takes('score_below', { threshold: 20, timeframe: 'LONG_TERM' }))
  t.ok(takes('action_changed'))
  t.ok(takes('strong_signal', { timeframe: 'SCALPING' }))
  t.notOk(takes('price_above'))
  t.notOk(takes('price_above', { threshold: 0 }))
  t.notOk(takes('score_above', { threshold: 101 }))
  t.notOk(takes('action_changed', { threshold: 5 }))
  t.notOk(takes('change_above', { threshold: 5, timeframe: 'DAILY' }))
})

t.test('a data version names its newest receipt, and is found again in its tag', async (t) => {
  const { dataVersionOf, etagOf, isKnown, receiptOf, versionIn } = contracts
  const millis = fc.integer({ min: 0, max: 8.64e15 })
  fc.assert(
    fc.property(millis, fc.integer({ min: 0, max: 2 ** 52 - 1 }), (receipt, hash) => {
      const version = dataVersionOf(receipt, hash)
      const etag = etagOf(version)
      return receiptOf(version) === receipt && versionIn(etag) === version && isKnown(etag, etag)
    }),
  )
  t.strictSame(['', '-', 'x', 'A-1', '!-1', `${'z'.repeat(12)}-1`, '1-1-1'].map(receiptOf), Array(7).fill(0))
  t.strictSame(['', '"1-1"', 'W/""', 'W/"a" , W/"b"', 'w/"a"'].map(versionIn), Array(5).fill(undefined))
  t.strictSame(
    ['*', '"a"', 'W/"a"', '"x", "a"', ' * '].map((tags) => isKnown('W/"a"', tags)),
    Array(5).fill(true),
  )
  t.strictSame(
    [undefined, '', 'a', '"b"', '"*"', 'W/"A"'].map((tags) => isKnown('W/"a"', tags)),
    Array(6).fill(false),
  )
})

t.test('a tag names its version alone for a minute, and then with each minute that it stands still', async (t) => {
  const { dataVersionOf, etagOf, isKnown, versionIn } = contracts
  const hashes = fc.integer({ min: 0, max: 2 ** 52 - 1 })
  const standing = fc.integer({ min: -1e9, max: 1e12 })
  fc.assert(
    fc.property(hashes, standing, standing, (hash, standingMs, otherMs) => {
      const version = dataVersionOf(1e12, hash)
      const [etag, other] = [etagOf(version, standingMs), etagOf(version, otherMs)]
      const minute = (ms: number) => Math.max(0, Math.floor(ms / 60_000))
      return versionIn(etag) === version && isKnown(etag, other) === (minute(standingMs) === minute(otherMs))
    }),
  )
  t.strictSame(
    [-1, 0, 59_999, 60_000, 120_000].map((ms) => etagOf('a-b', ms)),
    ['W/"a-b"', 'W/"a-b"', 'W/"a-b"', 'W/"a-b.1"', 'W/"a-b.2"'],
  )
  t.strictSame(
    ['', '"a"', 'W/""'].map((etag) => isKnown(etag, '*')),
    [false, false, false],
    'what is no tag of ours',
  )
})
