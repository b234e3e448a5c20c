import type { Clock } from '@crypto-signals/clock'
import { LRUCache } from 'lru-cache'
import type { Kept } from './kept.ts'

/** Answers by path; those unused for longest make room. */
export interface Memory {
  /** The answer of this version, if it may still be given. */
  find(path: string, version: string): Kept | undefined
  /** `isRepeated`: the path was asked for before. */
  keep(path: string, kept: Kept, isRepeated: boolean): void
}

export function createMemory(clock: Clock): Memory {
  const [once, often] = [heldUpTo(ONCE_BYTES), heldUpTo(OFTEN_BYTES)]
  return {
    find(path, version) {
      const kept = often.get(path) ?? once.get(path)
      return kept?.version === version && isFresh(kept, clock.now()) ? kept : undefined
    },
    keep(path, kept, isRepeated) {
      const held = isRepeated ? often : once
      held.set(path, { ...kept, answer: { ...kept.answer, body: ownBytes(kept.answer.body) } })
    },
  }
}

const heldUpTo = (maxSize: number) =>
  new LRUCache<string, Kept>({
    maxSize,
    sizeCalculation: ({ answer }, path) => answer.body.byteLength + 2 * path.length + ENTRY_BYTES,
  })

const OFTEN_BYTES = 16 * 2 ** 20

// What is asked for once must not push out what is asked for often; and answers that are dropped so soon cost V8 little,
// while a thousand of them a second that live longer made it search the whole heap ten times a second.
const ONCE_BYTES = 2 ** 20

// Headers, the entry and its place in the list.
const ENTRY_BYTES = 1_024

/** The bytes in memory of their own: they may be a part of something much larger, that would be held with them. */
function ownBytes(body: Buffer): Buffer {
  if (body.byteLength === body.buffer.byteLength) return body
  const own = Buffer.allocUnsafeSlow(body.byteLength)
  body.copy(own)
  return own
}

function isFresh({ endsAt, maxAgeMs }: Kept, now: number): boolean {
  const leftMs = endsAt - now
  // Longer than it was to live: the machine's clock was set back.
  return leftMs > 0 && leftMs <= maxAgeMs
}
