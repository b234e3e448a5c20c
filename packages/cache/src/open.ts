import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import type { Cache } from './cache.ts'
import { openInProcess } from './in-process.ts'

export interface CacheOptions {
  /** `redis://user:password@host:6379/0`, `rediss://` for TLS; unset: within this process. */
  url?: string | undefined
  /** Systems in different ones, and those in none, share a server and never meet: a word of small letters. */
  namespace?: string | undefined
  clock: Clock
  log?: Logger | undefined
}

/** The cache of this process, ready for use, also while Redis is to be used and is not there. */
export async function openCache({ url, namespace, clock, log }: CacheOptions): Promise<Cache> {
  if (url === undefined) return openInProcess({ clock })
  // Loaded only where it is used: the client takes memory and time to start.
  const { openRedis } = await import('./redis/open.ts')
  return await openRedis({ url, namespace, clock, log })
}
