import { EVENTS, type EventName } from '@crypto-signals/contracts'
import { DiscardPolicy, type JetStreamManager, NatsError, nanos, StorageType, type StreamInfo } from 'nats'
import type { Space } from './space.ts'

/** The stream that holds the events of a name: one for each first word of the subjects. */
export const streamOf = (name: EventName, space: Space): string =>
  space.stream((EVENTS[name].wildcard.split('.')[0] as string).toUpperCase())

/** Creates the streams that are missing and changes those that differ, keeping what lies in them. */
export async function ensureStreams(manager: JetStreamManager, space: Space): Promise<StreamInfo[]> {
  const ensure = ([name, bounds]: [string, Bounds]) =>
    ensureStream(manager, space.stream(name), configOf(space.subject(`${name.toLowerCase()}.>`), bounds))
  return await Promise.all(Object.entries(STREAMS).map(ensure))
}

const [MIB, HOUR_MS] = [2 ** 20, 3_600_000]

interface Bounds {
  maxAgeMs: number
  maxBytes: number
}

const STREAMS: Record<string, Bounds> = {
  // A coin's next observation replaces this one within minutes, and interest is forgotten sooner. All sources together
  // bring 140 quotes a second with their sparklines: 512 MiB are half an hour of them.
  MARKET: { maxAgeMs: HOUR_MS, maxBytes: 512 * MIB },
  // As the quotes they come from; whoever was away for longer reads the store. 512 MiB are a quarter of an hour of them.
  SIGNALS: { maxAgeMs: HOUR_MS, maxBytes: 512 * MIB },
  // A consumer of the firings may be down over a long weekend. 64 MiB are 100,000 of them.
  ALERTS: { maxAgeMs: 7 * 24 * HOUR_MS, maxBytes: 64 * MIB },
  // A person has to see them, understand them and have them replayed: a month. 256 MiB are 256 of the largest.
  DEAD: { maxAgeMs: 30 * 24 * HOUR_MS, maxBytes: 256 * MIB },
}

// A publisher tries again for seconds, and one that was restarted within a minute; each id costs the server memory.
const DUPLICATE_WINDOW_MS = 120_000

const configOf = (subject: string, { maxAgeMs, maxBytes }: Bounds) => ({
  subjects: [subject],
  max_age: nanos(maxAgeMs),
  max_bytes: maxBytes,
  // The newest are worth the most, and a full stream that refused them would stop the flow.
  discard: DiscardPolicy.Old,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
})

async function ensureStream(
  manager: JetStreamManager,
  name: string,
  config: ReturnType<typeof configOf>,
): Promise<StreamInfo> {
  try {
    const info = await manager.streams.info(name)
    // What is not ours to say stays as it is, such as the number of replicas.
    return fits(info.config, config) ? info : await manager.streams.update(name, config)
  } catch (error) {
    if (!isMissing(error)) throw error
    return await manager.streams.add({ name, storage: StorageType.File, ...config })
  }
}

const fits = (existing: object, wanted: object) =>
  Object.entries(wanted).every(
    ([key, value]) => JSON.stringify(existing[key as keyof typeof existing]) === JSON.stringify(value),
  )

/** Whether a stream or a consumer is not there. */
export const isMissing = (error: unknown) => error instanceof NatsError && error.code === '404'
