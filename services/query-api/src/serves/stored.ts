import { createHash } from 'node:crypto'
import { etagOf, isKnown } from '@crypto-signals/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What was read from the store of a coin, up to what is in memory. */
interface StoredRows {
  kind: 'bars' | 'scores'
  coinId: string
  interval: string
  rows: readonly object[]
  simulated: boolean
}

/** Sends rows that are not part of the market in memory: their ETag is not its version. */
export function answerStored(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { kind, coinId, interval, rows, simulated }: StoredRows,
): FastifyReply {
  const data = JSON.stringify(rows)
  const etag = etagOf(versionOf(kind, `${interval} ${coinId} ${data}`))
  reply.header('etag', etag).header('cache-control', CACHE_CONTROL)
  if (isKnown(etag, request.headers['if-none-match'])) return reply.code(304).send()
  const meta = `"meta":{"source":"${simulated ? 'simulated' : 'live'}"}`
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .send(`{"success":true,"data":${data},"coinId":${JSON.stringify(coinId)},"interval":"${interval}",${meta}}`)
}

// What is observed meanwhile changes the last row: for so long a crowd is spared the way to the store.
const CACHE_CONTROL = 'public, max-age=15'

/** Of the form of no data version: the gateway keeps answers of the newest of those, and these are none of it. */
const versionOf = (kind: string, content: string) => `${kind}.${createHash('sha1').update(content).digest('base64url')}`
