import { randomUUID } from 'node:crypto'
import type { Ports } from '@crypto-signals/service'

/** Counts the coins that people ask for, and tells ingestion which they were. */
export interface InterestReport {
  /** Never fails and takes no time. Only coins that are known: they bound what is remembered. */
  asked: (coinId: string) => void
  /** Tells nothing more. */
  stop(): void
}

/** What was asked for is published 30 s after the first of it, and forgotten. */
export function createInterest({ bus, clock, log }: Pick<Ports, 'bus' | 'clock' | 'log'>): InterestReport {
  const stopped = new AbortController()
  let counts = new Map<string, number>()

  const tell = async () => {
    await clock.sleep(TELL_AFTER_MS, stopped.signal)
    const coinIds = mostAskedOf(counts)
    counts = new Map()
    await bus.publish('interest', { id: randomUUID(), coinIds })
  }
  return {
    asked(coinId) {
      if (stopped.signal.aborted) return
      const isFirst = counts.size === 0
      counts.set(coinId, (counts.get(coinId) ?? 0) + 1)
      // Nobody misses what is lost: whoever is still interested asks again.
      if (isFirst) tell().catch((err: unknown) => log.debug({ err }, 'interest was not published'))
    },
    stop: () => stopped.abort(),
  }
}

const TELL_AFTER_MS = 30_000

const MOST = 250

const mostAskedOf = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([idA, a], [idB, b]) => b - a || (idA < idB ? -1 : 1))
    .slice(0, MOST)
    .map(([coinId]) => coinId)
