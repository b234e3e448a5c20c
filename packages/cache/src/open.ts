import type { Cache } from './cache.ts'
import { type CacheOptions, openInProcess } from './in-process.ts'

/** The cache of this process, ready for use. */
export async function openCache(options: CacheOptions): Promise<Cache> {
  return openInProcess(options)
}
