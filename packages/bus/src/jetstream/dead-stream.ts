import type { EventName } from '@crypto-signals/contracts'
import { headers, type JsMsg, type MsgHdrs } from 'nats'
import type { DeadLetter } from '../bus.ts'
import type { Publish } from './publisher.ts'
import type { Space } from './space.ts'

/** The stream of dead letters, each under `dead.<group>.<name>`. */
export const DEAD = 'DEAD'

/** What a dead letter's headers say; its body is the event as it came. */
export const HEADER = {
  name: 'Event',
  group: 'Group',
  reason: 'Reason',
  attempts: 'Attempts',
  subject: 'Subject',
  /** Stream and sequence of the event: the same for every group that gave it up. */
  origin: 'Origin',
  /** How many bytes the event had, where it was too large to be kept whole. */
  wholeBytes: 'Whole-Bytes',
} as const

type Bury = (message: JsMsg, letter: Omit<DeadLetter, 'event'>) => Promise<void>

/** Writes dead letters to their stream; resolves when they are stored. Of more than `maxBytes` the rest is cut off. */
export function createUndertaker(publish: Publish, space: Space, maxBytes: () => number): Bury {
  return async ({ data, subject, info, seq }, letter) => {
    const origin = `${info.stream}:${seq}`
    const kept = data.subarray(0, maxBytes())
    const about = headersOf({ ...letter, subject, origin })
    if (kept.length < data.length) about.set(HEADER.wholeBytes, String(data.length))
    await publish({
      subject: space.subject(deadSubject(letter.name, letter.group)),
      data: kept,
      msgID: `${letter.group}:${origin}`,
      headers: about,
    })
  }
}

export const deadSubject = (name: EventName | '*', group: string) => `dead.${group}.${name}`

function headersOf({
  name,
  group,
  reason,
  attempts,
  subject,
  origin,
}: Omit<DeadLetter, 'event'> & Record<string, unknown>): MsgHdrs {
  const about = headers()
  const facts = { name, group, reason, attempts, subject, origin }
  for (const [key, value] of Object.entries(facts)) about.set(HEADER[key as keyof typeof facts], oneLine(String(value)))
  return about
}

const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ').trim()
