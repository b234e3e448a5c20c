/** Into how many parts the market is cut, so that replicas of a service can share it. */
export const PARTITIONS = 16

/** The partition of a coin, 0 to 15: FNV-1a (32 bit) of the id's UTF-16 code units, mod 16. */
export function partitionOf(coinId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < coinId.length; i++) {
    hash = Math.imul(hash ^ coinId.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0) % PARTITIONS
}
