import type { Cache } from '@crypto-signals/cache'
import type { Clock } from '@crypto-signals/clock'
import { createFlights } from '@crypto-signals/service'
import { LRUCache } from 'lru-cache'
import type { Answer, Ask, Question } from '../question.ts'
import { keptOf } from './kept.ts'
import { createMemory } from './memory.ts'
import { createSharedAnswers } from './shared.ts'

/** Where an answer came from. */
type AnswerSource = 'memory' | 'shared' | 'miss'

export interface CachedOptions {
  newestVersion: () => string | undefined
  cache: Cache
  clock: Clock
  count: (source: AnswerSource) => void
}

/**
 * `ask`, but reads are answered with what was answered from the newest version, for as long as that answer's own Cache-Control
 * allows it, and equal ones that come at the same time are asked once. Answers must depend on the path and its query alone.
 */
export function cachedAnswers(ask: Ask, { newestVersion, cache, clock, count }: CachedOptions): Ask {
  // A cache within this process is shared with nobody.
  const shared = cache.adapter === 'in-process' ? undefined : createSharedAnswers(cache, clock)
  const [memory, join, askedBefore] = [
    createMemory(clock),
    createFlights<Answer>(),
    new LRUCache<string, true>({ max: 4_096 }),
  ]

  const fetch = async (question: Question, version: string | undefined, signal: AbortSignal) => {
    const { path } = question
    const isRepeated = askedBefore.has(path)
    askedBefore.set(path, true)
    // Most paths are asked for once: those are not worth the way to where all could find them.
    const others = isRepeated ? shared : undefined
    const found = version === undefined ? undefined : await others?.find(path, version)
    count(found === undefined ? 'miss' : 'shared')
    if (found !== undefined) {
      memory.keep(path, found, isRepeated)
      return found.answer
    }
    const askedAt = clock.now()
    const answer = await ask(question, signal)
    const kept = keptOf(answer, askedAt)
    if (kept !== undefined && kept.version === newestVersion()) {
      memory.keep(path, kept, isRepeated)
      void others?.keep(path, kept)
    }
    return answer
  }
  return (question, signal) => {
    const { method, path } = question
    if (method !== 'GET' || path.length > MAX_PATH_LENGTH) return ask(question, signal)
    const version = newestVersion()
    const kept = version === undefined ? undefined : memory.find(path, version)
    if (kept !== undefined) {
      count('memory')
      return kept.answer
    }
    let isFirst = false
    const answer = join(`${version} ${path}`, signal, (signal) => {
      isFirst = true
      return fetch(question, version, signal)
    })
    if (!isFirst) count('memory')
    return answer
  }
}

// Longer than any path that a route takes: only what is refused anyway is longer.
const MAX_PATH_LENGTH = 2_048
