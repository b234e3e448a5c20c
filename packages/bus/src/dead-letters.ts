import type { Logger } from 'pino'
import type { DeadLetter, DeadLetters } from './bus.ts'

/** Where events end that could not be handled: logged, counted, and the last of them kept. */
export function createDeadLetterBox(log: Logger) {
  const latest: DeadLetter[] = []
  let total = 0
  return {
    add(letter: DeadLetter): void {
      const { name, group, event, reason, attempts } = letter
      log.error({ event: name, id: idOf(event), group, reason, attempts }, 'dead letter')
      total++
      latest.push(letter)
      if (latest.length > KEPT) latest.shift()
    },
    read: (): DeadLetters => ({ total, latest: [...latest] }),
  }
}

export type DeadLetterBox = ReturnType<typeof createDeadLetterBox>

/** The id of an event that may be anything. */
export function idOf(event: unknown): string {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined
  return typeof id === 'string' ? id : 'unknown'
}

/** What went wrong, in one short text: an error's message may hold a whole event. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_LENGTH)
}

const KEPT = 100
const MAX_REASON_LENGTH = 500
