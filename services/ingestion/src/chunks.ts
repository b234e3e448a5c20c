import { MAX_ROWS } from './market-source.ts'

/** A longer URL meets servers and proxies that answer 414. */
const MAX_IDS_LENGTH = 3500

/** Ids as the value of a query parameter: a comma is allowed there as it is, so it costs one character and not three. */
export const idsParameter = (ids: readonly string[]): string => ids.map(encodeURIComponent).join(',')

/** Cuts ids into groups that fit one call each, in the order of the ids: the same ids always give the same groups. */
export function chunksOf(ids: readonly string[]): string[][] {
  const chunks: string[][] = []
  let chunk: string[] = []
  let length = 0
  for (const id of [...ids].sort()) {
    const added = encodeURIComponent(id).length + 1
    if (chunk.length === MAX_ROWS || length + added > MAX_IDS_LENGTH + 1) {
      chunks.push(chunk)
      chunk = []
      length = 0
    }
    chunk.push(id)
    length += added
  }
  if (chunk.length > 0) chunks.push(chunk)
  return chunks
}
