/** A longer URL meets servers and proxies that answer 414. */
const MAX_IDS_LENGTH = 3500

export interface ChunkLimits {
  /** Ids in one group. */
  most: number
  /** What stands before each id in the URL. */
  prefix?: string
}

/** Ids as a part of a URL: a comma is allowed there as it is, so it costs one character and not three. */
export const idsParameter = (ids: readonly string[], prefix = ''): string =>
  ids.map((id) => prefix + encodeURIComponent(id)).join(',')

/** Cuts ids into groups that fit one call each, in the order of the ids: the same ids always give the same groups. */
export function chunksOf(ids: readonly string[], { most, prefix = '' }: ChunkLimits): string[][] {
  const chunks: string[][] = []
  let chunk: string[] = []
  let length = 0
  for (const id of [...ids].sort()) {
    const added = prefix.length + encodeURIComponent(id).length + 1
    if (chunk.length === most || length + added > MAX_IDS_LENGTH + 1) {
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

/** The first half and the rest; the first is not the smaller. */
export function halvesOf<T>(items: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}
