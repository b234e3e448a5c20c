import type { ValueError } from '@sinclair/typebox/errors'
import type { RowFault } from '../source.ts'

/** A row as we keep it, or why we do not. */
export type RowReading<T> = { row: T; fault?: never } | { row?: never; fault: RowFault }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a row by name, nulls left out; what is no object stays as it is. */
export const picked = (row: unknown, fields: readonly string[]): unknown =>
  isObject(row) ? Object.fromEntries(fields.map((field) => [field, row[field] ?? undefined])) : row

/** Says in few different words, for a metric's label, what is wrong with a row. */
export function reasonOf(row: unknown, error: ValueError | undefined): RowFault {
  const path = (error?.path ?? '').split('/').slice(1)
  const field = path.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.') || 'row'
  const id = isObject(row) && typeof row.id === 'string' ? row.id.slice(0, 128) : null
  return { reason: `${field}: ${wrongWith(error?.value, (error?.schema ?? {}) as Wanted)}`, id }
}

function wrongWith(value: unknown, wanted: Wanted): string {
  if (value === undefined || value === null) return 'missing'
  if (typeof value === 'number') return wrongNumber(value, wanted)
  if (typeof value === 'string' && wanted.type === 'string') return wrongString(value, wanted)
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object'
  return `a ${typeof value}`
}

interface Wanted {
  type?: string
  maxLength?: number
}

function wrongNumber(value: number, { type }: Wanted): string {
  if (type !== 'number' && type !== 'integer') return 'a number'
  if (!Number.isFinite(value)) return 'not finite'
  if (value < 0) return 'negative'
  return type === 'integer' && !Number.isInteger(value) ? 'not whole' : 'out of bounds'
}

function wrongString(value: string, { maxLength = Infinity }: Wanted): string {
  if (value === '') return 'empty'
  return value.length > maxLength ? 'too long' : 'malformed'
}
