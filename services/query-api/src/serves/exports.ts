import { finished } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Clock } from '@crypto-signals/clock'
import { EXPORT_HEADERS, ExportQuery, etagOf, isKnown } from '@crypto-signals/contracts'
import { failures, httpError } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createExports, EXPORT_FORMATS, type Exported, type ExportFormat } from '../export/exports.ts'
import { NOT_MODIFIED, type Serving } from './answer.ts'
import { rowFilterOf } from './row-query.ts'

/** `GET /api/export.ndjson` and `/api/export.csv`: the whole market, or what a filter leaves of it, in one answer. */
export function serveExports(app: FastifyInstance, serving: Serving): void {
  const exports = createExports(serving.market, serving.clock)
  const admit = createAdmission(serving.clock)
  for (const format of EXPORT_FORMATS) {
    const options = { ...SLOWLY_READ, schema: schemaOf(format) }
    app.get<{ Querystring: ExportQuery }>(`/api/export.${format}`, options, async (request, reply) => {
      const wanted = { format, filter: rowFilterOf(serving, request.query), limit: request.query.limit }
      const offered = etagOf(exports.versionOf(wanted))
      if (isKnown(offered, request.headers['if-none-match'])) {
        return reply.headers({ etag: offered, 'cache-control': CACHE_CONTROL }).code(304).send()
      }
      const caller = admit(reply)
      const exported = await exports.of(wanted, caller)
      // Nobody is there to be answered.
      if (caller.aborted) return reply.hijack()
      if (exported === undefined) throw busy(reply)
      reply.headers(headersOf(format, exported, serving.simulated))
      return send(exported, request, reply)
    })
  }
}

// How long it takes is for the reader to say, within the limits below.
const SLOWLY_READ = { config: { endless: true } } as const

const TYPES: Record<ExportFormat, string> = { ndjson: 'application/x-ndjson', csv: 'text/csv' }

const TEXTS: Record<ExportFormat, string> = {
  ndjson: 'A market row as JSON in each line',
  csv: 'A table whose columns are named by where they stand in a market row',
}

const schemaOf = (format: ExportFormat) => ({
  summary: `The whole market, or what a filter leaves of it, by rank: ${TEXTS[format]}`,
  tags: ['live'],
  querystring: ExportQuery,
  response: {
    200: {
      description: `${TEXTS[format]}. \`${EXPORT_HEADERS.version}\` is the version to go on from, \`${EXPORT_HEADERS.source}\` the origin: live or simulated.`,
      headers: { [EXPORT_HEADERS.version]: { type: 'string' }, [EXPORT_HEADERS.source]: { type: 'string' } },
      content: { [TYPES[format]]: { schema: Type.String() } },
    },
    ...NOT_MODIFIED,
    ...failures(400),
  },
})

// As old as the export itself may be when it is served.
const CACHE_CONTROL = 'public, max-age=5'

const headersOf = (format: ExportFormat, { version }: Exported, simulated: boolean) => ({
  'content-type': `${TYPES[format]}; charset=utf-8`,
  'content-disposition': `attachment; filename="market.${format}"`,
  'cache-control': CACHE_CONTROL,
  etag: etagOf(version),
  [EXPORT_HEADERS.version]: version,
  [EXPORT_HEADERS.source]: simulated ? 'simulated' : 'live',
})

/** Whoever does not take it compressed has it undone as fast as he reads. */
function send({ gzip, length }: Exported, { headers }: FastifyRequest, reply: FastifyReply) {
  const vary = [reply.getHeader('vary') ?? [], 'accept-encoding'].flat().join(', ')
  reply.header('vary', vary)
  if (takesGzip(headers['accept-encoding'])) return reply.header('content-encoding', 'gzip').send(gzip)
  const plain = createGunzip({ chunkSize: CHUNK_BYTES })
  plain.end(gzip)
  return reply.header('content-length', length).send(plain)
}

// Each takes a turn of the event loop.
const CHUNK_BYTES = 1024 * 1024

/** RFC 9110 §12.5.3, as far as it can concern gzip: what is named counts more than `*`, and a quality of 0 is a refusal. */
function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  const offers = [acceptEncoding ?? []].flat().join().toLowerCase().split(',')
  const taken = new Map(offers.map((offer) => [offer.split(';', 1)[0]?.trim(), !/;\s*q=0(\.0*)?\s*$/.test(offer)]))
  return taken.get('gzip') ?? taken.get('*') ?? false
}

/** Lets so many read at a time, each for so long: a slow reader pins megabytes. The signal is aborted when the caller has gone or has all. */
function createAdmission(clock: Clock) {
  let reading = 0
  return (reply: FastifyReply): AbortSignal => {
    if (reading >= MAX_READERS) throw busy(reply)
    reading++
    const done = new AbortController()
    finished(reply.raw, () => {
      reading--
      done.abort(GONE)
    })
    clock.sleep(READ_WITHIN_MS, done.signal).then(
      () => reply.raw.destroy(),
      () => undefined,
    )
    return done.signal
  }
}

// Without a reason of its own each abort makes an exception with its stack.
const GONE = Symbol('gone')

const MAX_READERS = 64
const READ_WITHIN_MS = 120_000

function busy(reply: FastifyReply) {
  reply.header('retry-after', '5')
  return httpError('HTTP_UNAVAILABLE')
}
