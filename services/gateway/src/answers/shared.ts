import type { Cache } from '@crypto-signals/cache'
import type { Clock } from '@crypto-signals/clock'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Kept } from './kept.ts'

/** Answers that all replicas of the gateway share, for as long as each may be given. Never rejects. */
export interface SharedAnswers {
  find(path: string, version: string): Promise<Kept | undefined>
  keep(path: string, kept: Kept): Promise<void>
}

export function createSharedAnswers(cache: Cache, clock: Clock): SharedAnswers {
  return {
    async find(path, version) {
      const bytes = await cache.get(keyOf(path, version))
      return bytes === null ? undefined : decoded(bytes, version, clock.now())
    },
    async keep(path, kept) {
      const leftMs = kept.endsAt - clock.now()
      if (leftMs > 0) await cache.set(keyOf(path, kept.version), encoded(kept), leftMs)
    },
  }
}

const keyOf = (path: string, version: string) => `answer:${version}:${path}`

const Head = Type.Object({
  version: Type.String(),
  maxAgeMs: Type.Integer({ minimum: 1 }),
  endsAt: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
})

const END_OF_HEAD = 0x0a

function encoded({ answer, version, maxAgeMs, endsAt }: Kept): Buffer {
  const head: Static<typeof Head> = { version, maxAgeMs, endsAt, headers: answer.headers }
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), answer.body])
}

function decoded(bytes: Uint8Array, version: string, now: number): Kept | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = buffer.indexOf(END_OF_HEAD)
  const head: unknown = parsed(buffer.toString('utf8', 0, end))
  if (end < 0 || !Value.Check(Head, head) || head.version !== version) return undefined
  const { maxAgeMs, headers } = head
  // Its end is by another machine's clock.
  const endsAt = Math.min(head.endsAt, now + maxAgeMs)
  return { answer: { status: 200, headers, body: buffer.subarray(end + 1) }, version, maxAgeMs, endsAt }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
