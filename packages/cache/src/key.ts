import { createHash } from 'node:crypto'

/** A key of bounded length, different for every `key`: they may hold what anybody sends. */
export function boundedKey(key: string): string {
  if (Buffer.byteLength(key) <= MAX_BYTES) return `:${key}`
  return `#${createHash('sha256').update(key).digest('base64url')}`
}

const MAX_BYTES = 128
