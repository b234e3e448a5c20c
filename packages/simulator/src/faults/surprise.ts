import { chance, hash } from '../market/hash.ts'

/** The answer with so large a share of its rows changed into what no document speaks of; the same answer always in the same way. */
export const surprised = (body: unknown, share: number, seed: number): unknown => {
  if (Array.isArray(body))
    return body.map((row, index) =>
      chance(seed, index) < share ? oddRow(row, hash(seed, index)) : surprised(row, share, hash(seed, index)),
    )
  if (body === null || typeof body !== 'object') return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value], index) => [key, surprised(value, share, hash(seed, index + 7_000))]),
  )
}

const oddRow = (row: unknown, seed: number): unknown => {
  if (row === null || typeof row !== 'object') return [null, 'n/a', {}, []][seed % 4]
  if (Array.isArray(row)) return seed % 2 === 0 ? row.slice(0, 2) : [...row, null]
  const entries = Object.entries(row)
  const at = seed % Math.max(1, entries.length)
  return Object.fromEntries([
    ...entries.flatMap(([key, value], index) => (index === at ? oddField(key, value, seed >>> 8) : [[key, value]])),
    ['unheardOf', { of: seed }],
  ])
}

const oddField = (key: string, value: unknown, seed: number): [string, unknown][] => {
  const kinds: (() => [string, unknown][])[] = [
    () => [],
    () => [[key, null]],
    () => [[key, typeof value === 'string' ? Number(value) : String(value)]],
    () => [[key, 'NaN']],
    () => [[key, -1]],
    () => [[key, { value }]],
    () => [[key, 'x'.repeat(10_000)]],
  ]
  return (kinds[seed % kinds.length] as () => [string, unknown][])()
}
