import type { Bus, BusOptions } from './bus.ts'
import { openInProcess } from './in-process.ts'
import type { Replay, ReplayOptions } from './jetstream/replay.ts'

export interface OpenBusOptions extends BusOptions {
  /** `nats://user:password@host:4222`, several with commas between; unset: within this process. */
  url?: string | undefined
  /** NATS' monitoring address, if there is one: it tells how durable events are. */
  monitorUrl?: string | undefined
  /** Systems in different ones, and those in none, share a server and never meet: a word of small letters. */
  namespace?: string | undefined
}

/** The bus of this process, ready for use: waits for NATS if it is to be used and is not there yet. */
export async function openBus({ url, clock, log, ...options }: OpenBusOptions): Promise<Bus> {
  if (url === undefined) return openInProcess({ clock, log })
  // Loaded only where it is used: the client takes 18 MB.
  const { openJetStream } = await import('./jetstream/open.ts')
  return await openJetStream({ url, clock, log, ...options })
}

/** Publishes the events of dead letters again, each once however many groups gave it up, for all groups. */
export async function replayDeadLetters(url: string, options: ReplayOptions = {}): Promise<Replay> {
  const { replay } = await import('./jetstream/replay.ts')
  return await replay(url, options)
}
