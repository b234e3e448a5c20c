import type { StreamInfo } from 'nats'
import type { Logger } from 'pino'
import type { Link } from './link.ts'

interface Durability {
  server: string
  /** Of the stream that has the fewest. */
  replicas: number
  /** How long an acknowledged event may lie in memory alone; 0: never. */
  syncIntervalMs: number | 'unknown'
}

/** Says what an acknowledged event survives, and warns when that is less than a power cut. */
export async function logDurability(
  { nats }: Link,
  streams: readonly StreamInfo[],
  { log, monitorUrl }: { log: Logger; monitorUrl: string | undefined },
): Promise<void> {
  const durability: Durability = {
    server: nats.info?.version ?? 'unknown',
    replicas: Math.min(...streams.map(({ config }) => config.num_replicas)),
    syncIntervalMs: monitorUrl === undefined ? 'unknown' : await syncIntervalMs(monitorUrl).catch(() => 'unknown'),
  }
  log.info(durability, 'durability of the bus')
  if (durability.replicas < 3 && durability.syncIntervalMs !== 0)
    log.warn(durability, 'events that NATS acknowledged may be lost when its machine loses power')
}

async function syncIntervalMs(monitorUrl: string): Promise<Durability['syncIntervalMs']> {
  const response = await fetch(new URL('/varz', monitorUrl), { signal: AbortSignal.timeout(VARZ_TIMEOUT_MS) })
  const { jetstream } = (await response.json()) as Varz
  if (jetstream?.config?.sync_always === true) return 0
  const nanoseconds = jetstream?.config?.sync_interval
  return typeof nanoseconds === 'number' ? nanoseconds / 1e6 : 'unknown'
}

const VARZ_TIMEOUT_MS = 2_000

interface Varz {
  /** Servers before 2.10 do not say how often they sync. */
  jetstream?: { config?: { sync_interval?: unknown; sync_always?: unknown } }
}
