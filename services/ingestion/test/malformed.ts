import { Quote } from '@crypto-signals/contracts'
import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import * as fc from 'fast-check'
import type { Observation } from '../src/observation.ts'
import { SourceError } from '../src/source-error.ts'

export interface MalformedCheck<T> {
  /** A good answer of a few rows, as parsed JSON. */
  body: unknown
  /** The way to its rows, a list or an object of them: `['data']`, `[]` if the body is the list itself. */
  rowsAt: readonly string[]
  /** Reads a whole body; may throw a SourceError and nothing else. */
  read: (body: unknown) => readonly T[]
  isGood: (row: T) => boolean
}

/**
 * Reads 10,000 bodies gone wrong in every way that JSON allows: none may crash the reading, nothing bad may come of one, and rows that
 * are as they were must give what they gave. Tells how many rows came of the bodies.
 */
export function checkMalformed<T>({ body, rowsAt, read, isGood }: MalformedCheck<T>, numRuns = 10_000): number {
  const container = valueAt(body, rowsAt)
  const names = Object.keys(container)
  const pristine = names.map((name) => read(withRows(body, rowsAt, only(container, name))).map(textOf))
  if (pristine.flat().length === 0) throw new Error('no row of the body is good')
  let kept = 0
  const property = fc.property(fc.array(CHANGE, { minLength: 1, maxLength: 4 }), BROKEN_BODY, (changes, broken) => {
    const touched = new Set(changes.map(({ row }) => row % names.length))
    const sent = broken === null ? applied(body, rowsAt, changes) : around(body, broken)
    const rows = rowsOf(read, sent)
    kept += rows.length
    const found = new Set(rows.map(textOf))
    const survived = pristine.every((texts, index) => touched.has(index) || texts.every((text) => found.has(text)))
    return rows.every(isGood) && (broken !== null || survived)
  })
  fc.assert(property, { numRuns, seed: 20_260_716 })
  return kept
}

const schema = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 256 }),
    symbol: Type.Union([Quote.properties.symbol, Type.Null()]),
    name: Type.Union([Quote.properties.name, Type.Null()]),
    image: Quote.properties.image,
    currency: Type.String({ minLength: 1, maxLength: 32 }),
    price: Quote.properties.priceUsd,
    volume24h: Quote.properties.volumeUsd24h,
    high24h: Quote.properties.high24hUsd,
    low24h: Quote.properties.low24hUsd,
    marketCapUsd: Quote.properties.marketCapUsd,
    marketCapRank: Quote.properties.marketCapRank,
    circulatingSupply: Quote.properties.circulatingSupply,
    changePct: Type.Union([Quote.properties.changePct, Type.Null()]),
    sparkline: Quote.properties.sparkline,
    observedAtMs: Type.Integer({ minimum: 1 }),
    contract: Type.Optional(
      Type.Union([
        Type.Object(
          {
            platform: Type.String({ minLength: 1, maxLength: 128 }),
            address: Type.String({ minLength: 1, maxLength: 256 }),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ]),
    ),
  },
  { additionalProperties: false },
)
const compiled = TypeCompiler.Compile(schema)

/** Whether an observation can be stored: all within a quote's bounds, all text well-formed, nothing from the future. */
export const isGoodObservation =
  (receivedAt: number) =>
  (row: Observation): boolean =>
    compiled.Check(row) && row.observedAtMs <= receivedAt && [row.key, row.symbol ?? '', row.name ?? ''].every(isText)

const isText = (text: string) => text.isWellFormed()

type Way = 'replace' | 'remove' | 'nest' | 'spoil' | 'prototype'

interface Change {
  row: number
  place: number
  way: Way
  value: unknown
}

const ODD_VALUES = [null, true, [], {}, [[]], -1, -0, 0, 1.5, 1e31, 1e308, Infinity, -Infinity, 9e15, 1e-320, 1e17]
const ODD_NUMERALS = [
  'NaN',
  'Infinity',
  '-1',
  '1e400',
  '0x10',
  '1,000',
  '--',
  '0.1e',
  '9'.repeat(70),
  '9'.repeat(5_000),
]
const ODD_TEXTS = ['', ' ', 'null', '\ud800', '\u0000', 'a\nb', '__proto__', 'constructor', 'x'.repeat(300)]
const ODD_LINKS = ['javascript:alert(1)', `https://${'x'.repeat(600)}`]
const ODD_TIMES = ['9999-12-31T23:59:59Z', '-000001-01-01T00:00:00Z', '2026-13-45T99:99:99Z', 253402300800000]

/** What answers hold where a good value should be. */
const HOSTILE: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...ODD_VALUES, ...ODD_NUMERALS, ...ODD_TEXTS, ...ODD_LINKS, ...ODD_TIMES),
  fc.jsonValue({ maxDepth: 2 }),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const CHANGE: fc.Arbitrary<Change> = fc.record({
  row: fc.nat(1_000),
  place: fc.nat(10_000),
  way: fc.constantFrom<Way>('replace', 'replace', 'replace', 'remove', 'nest', 'spoil', 'prototype'),
  value: HOSTILE,
})

// One in ten is broken above its rows.
const BROKEN_BODY = fc.oneof(
  { weight: 9, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.record({ place: fc.nat(1_000), value: HOSTILE }) },
)

const textOf = (row: unknown) => JSON.stringify(row)

function rowsOf<T>(read: (body: unknown) => readonly T[], body: unknown): readonly T[] {
  try {
    return read(body)
  } catch (error) {
    if (error instanceof SourceError) return []
    throw error
  }
}

type Node = Record<string, unknown>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

function valueAt(body: unknown, path: readonly string[]): Node {
  const found = path.reduce<unknown>((value, key) => (value as Node)[key], body)
  if (!isNode(found)) throw new Error(`nothing at ${path.join('.')}`)
  return found
}

const only = (container: Node, name: string): unknown =>
  Array.isArray(container) ? [container[Number(name)]] : { [name]: container[name] }

function withRows(body: unknown, [key, ...path]: readonly string[], rows: unknown): unknown {
  return key === undefined ? rows : { ...(body as Node), [key]: withRows((body as Node)[key], path, rows) }
}

function applied(body: unknown, path: readonly string[], changes: readonly Change[]): unknown {
  const container = valueAt(body, path)
  const rows = structuredClone(container)
  const names = Object.keys(container)
  for (const { row, ...change } of changes) {
    const name = names[row % names.length] ?? ''
    // The first place is the row itself.
    const places = [[name], ...placesIn(rows[name], [name])]
    // A copy: what is put in may be altered next, and must not be the same thing in two places.
    alter(rows, places[change.place % places.length] ?? [name], { ...change, value: structuredClone(change.value) })
  }
  return withRows(body, path, rows)
}

function placesIn(value: unknown, path: string[]): string[][] {
  if (!isNode(value)) return []
  return Object.entries(value).flatMap(([key, held]) => [[...path, key], ...placesIn(held, [...path, key])])
}

function alter(root: Node, path: string[], { way, value }: Omit<Change, 'row'>): void {
  const last = path.at(-1) ?? ''
  const holder = path.slice(0, -1).reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), root)
  if (!isNode(holder)) return
  const held = holder[last]
  // A row that is gone would give its place to the next.
  if (way === 'remove' && path.length > 1) delete holder[last]
  else if (way === 'nest') holder[last] = { value: [held] }
  else if (way === 'spoil') holder[last] = `${JSON.stringify(held)}x`
  else if (way === 'prototype' && isNode(held)) own(held, '__proto__', value)
  else holder[last] = value
}

// As JSON.parse does it: assigning would set the prototype.
const own = (node: Node, key: string, value: unknown) =>
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true })

/** The body, or one of the fields around its rows, replaced. */
function around(body: unknown, { place, value }: { place: number; value: unknown }): unknown {
  const keys = isNode(body) && !Array.isArray(body) ? Object.keys(body) : []
  const key = keys[place % (keys.length + 1)]
  return key === undefined ? value : { ...(body as Node), [key]: value }
}
