import { Delta, DeltaQuery } from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'
import { queryError } from '../errors.ts'
import { differenceOf, holding } from '../read-model/difference.ts'
import { joinedRows } from '../read-model/joined-rows.ts'
import { answer, NOT_MODIFIED, type Serving } from './answer.ts'
import { rowFilterOf } from './row-query.ts'

/** `GET /api/signals/delta`: what changed since a version, for whoever holds the market and polls. */
export function serveDelta(app: FastifyInstance, serving: Serving): void {
  const { market } = serving
  const schema = {
    summary: 'Market rows that changed since a version; 410 when that cannot be told any more: load the export then',
    tags: ['live'],
    querystring: DeltaQuery,
    response: { 200: Delta, ...NOT_MODIFIED, ...failures(400, 410) },
  }
  app.get<{ Querystring: DeltaQuery }>('/api/signals/delta', { schema }, (request, reply) => {
    const filter = rowFilterOf(serving, request.query)
    const mark = market.versions.markOf(request.query.since)
    if (mark === undefined) throw gone('is no version that is still known')
    return answer(serving, request, reply, (meta) => {
      const { rows, left, isWhole } = differenceOf(market, filter, holding(mark), MAX_ROWS)
      if (!isWhole) throw gone(`is so old that more than ${MAX_ROWS} rows changed`)
      const count = rows.length + left.length
      return joinedRows(market.rows, rows, {
        head: '{"success":true,"data":[',
        tail: `],"left":${JSON.stringify(left)},"count":${count}${meta}`,
      })
    })
  })
}

const gone = (message: string) => queryError('QUERY_VERSION_GONE', [{ path: 'query/since', message }])

// 4 MB: beyond, all of it compressed is the smaller answer.
const MAX_ROWS = 5_000
