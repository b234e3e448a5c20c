import { CHANGE_SPANS, type ChangeSpan, type Changes, Quote } from '@crypto-signals/contracts'
import { comparableAddress } from '../contract-address.ts'
import type { Observation } from '../observation.ts'
import type { Answer, RowFault } from '../source.ts'
import { SourceError } from '../source-error.ts'
import { isObject, type RowReading } from './row-reading.ts'
import { labelOf, textOf } from './text.ts'

/** What a row says, field by field, as it says it: nothing of it is trusted yet. What is left out was not said. */
export interface Said {
  key: unknown
  symbol?: unknown
  name?: unknown
  image?: unknown
  /** `USD` if left out. */
  currency?: unknown
  price: unknown
  volume24h?: unknown
  high24h?: unknown
  low24h?: unknown
  marketCapUsd?: unknown
  marketCapRank?: unknown
  circulatingSupply?: unknown
  changePct?: Partial<Record<ChangeSpan, unknown>>
  /** Milliseconds since the epoch: see `secondsOf`, `dateOf`. */
  observedAtMs?: number | null
}

/** The observation that a row makes. A key or a price that is wrong costs the row; any other field only itself. */
export function readObservation(said: Said, receivedAt: number): RowReading<Observation> {
  const key = textOf(said.key, MAX_KEY)
  if (key === null) return faultOf('key', said.key, null)
  const currency = said.currency === undefined ? 'USD' : textOf(said.currency, MAX_CURRENCY)?.toUpperCase()
  if (currency === undefined) return faultOf('currency', said.currency, key)
  const price = amountOf(said.price)
  if (price === null && isSaid(said.price)) return faultOf('price', said.price, key)
  return {
    row: {
      key,
      currency,
      price: price || null,
      ...restOf(said),
      observedAtMs: observedAtOf(said.observedAtMs, receivedAt),
    },
  }
}

const MAX_KEY = 256
const MAX_CURRENCY = 32

// Nothing trades for nothing, and sources say 0 for what they do not know; only a volume may be none.
const restOf = (said: Said) => ({
  symbol: labelOf(said.symbol, 64),
  name: labelOf(said.name, 256),
  image: imageOf(said.image),
  volume24h: amountOf(said.volume24h),
  high24h: amountOf(said.high24h) || null,
  low24h: amountOf(said.low24h) || null,
  marketCapUsd: amountOf(said.marketCapUsd) || null,
  marketCapRank: rankOf(said.marketCapRank),
  circulatingSupply: numberOf(said.circulatingSupply, 0, 1e40) || null,
  changePct: said.changePct === undefined ? null : changesOf(said.changePct),
  sparkline: null,
})

/** When it was so, ms since the epoch: a time that has not come yet is as good as none. */
export function observedAtOf(saidAtMs: number | null | undefined, receivedAt: number): number {
  const at = Math.floor(saidAtMs ?? Number.NaN)
  return at > 0 && at <= receivedAt ? at : receivedAt
}

/** Reads rows one by one. Of each key the newest observation stays, the first among equals. */
export function readObservations(
  rows: readonly unknown[],
  receivedAt: number,
  read: (row: unknown) => RowReading<Observation>,
): Answer<Observation> {
  const newest = new Map<string, Observation>()
  const { good, faults } = readRows(rows, read)
  for (const row of good) {
    const known = newest.get(row.key)
    if (known === undefined || row.observedAtMs > known.observedAtMs) newest.set(row.key, row)
  }
  return { receivedAt, rows: [...newest.values()], faults, repeated: good.length - newest.size }
}

export function readRows<T>(rows: readonly unknown[], read: (row: unknown) => RowReading<T>) {
  const good: T[] = []
  const faults: RowFault[] = []
  for (const row of rows) {
    const { row: found, fault } = read(row)
    if (fault === undefined) good.push(found)
    else faults.push(fault)
  }
  return { good, faults }
}

/** The body as a list, or a SourceError. */
export function listIn(body: unknown, path: string): unknown[] {
  if (Array.isArray(body)) return body
  throw new SourceError({ kind: 'failed', message: 'the answer is not a list' }, path)
}

/** A field of what may be no object; undefined where there is none. */
export const fieldOf = (value: unknown, field: string): unknown =>
  isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined

/** A number or a decimal string, finite and within bounds; else null. */
export function numberOf(value: unknown, min: number, max: number): number | null {
  const number = typeof value === 'string' && value.length <= 80 && DECIMAL.test(value) ? Number(value) : value
  return typeof number === 'number' && number >= min && number <= max ? number : null
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/

/** As a quote's amounts are bounded. */
export const amountOf = (value: unknown): number | null => numberOf(value, 0, 1e30)

function rankOf(value: unknown): number | null {
  const rank = numberOf(value, 1, 1_000_000)
  return rank !== null && Number.isInteger(rank) ? rank : null
}

/** Null if none is known. */
export function changesOf(said: Partial<Record<ChangeSpan, unknown>>): Changes | null {
  const known = CHANGE_SPANS.map((span) => [span, numberOf(said[span], -1e12, 1e12)] as const)
  return known.some(([, change]) => change !== null) ? (Object.fromEntries(known) as Changes) : null
}

/** A link that is not safe to show, or too long to keep, is none. */
export function imageOf(value: unknown): string | null {
  const image = textOf(value, Quote.properties.image.anyOf[0].maxLength ?? 0)
  return image?.startsWith('https://') && URL.canParse(image) ? image : null
}

/** A contract's address as identity compares it. */
export function addressOf(value: unknown): string | null {
  const address = textOf(value, 256)
  return address === null ? null : comparableAddress(address)
}

/** Milliseconds of an instant in seconds since the epoch; null if it is none. */
export function secondsOf(value: unknown): number | null {
  const seconds = numberOf(value, 1, 1e11)
  return seconds === null ? null : seconds * 1000
}

/** Milliseconds of an RFC 3339 date and time with its zone; null if it is none. */
export function dateOf(value: unknown): number | null {
  const at = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : at
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== ''

/** A reason of few different words, for a metric's label. */
export function faultOf(field: string, value: unknown, id: string | null): { fault: RowFault } {
  return { fault: { reason: `${field}: ${wrongWith(value)}`, id } }
}

function wrongWith(value: unknown): string {
  if (!isSaid(value)) return 'missing'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return DECIMAL.test(value.slice(0, 80)) ? 'out of bounds' : 'malformed'
  return typeof value === 'number' ? 'out of bounds' : `a ${typeof value}`
}
