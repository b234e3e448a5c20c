import { createHash } from 'node:crypto'
import {
  type Alert,
  AlertAnswer,
  AlertParams,
  AlertRemoved,
  AlertRequest,
  AlertsPage,
  AlertsQuery,
  type Meta,
  NoQuery,
  TriggeredPage,
  TriggeredQuery,
} from '@crypto-signals/contracts'
import { failures } from '@crypto-signals/service'
import type { AlertStore } from '@crypto-signals/store'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { alertNotFound } from '../errors.ts'
import { readStrictJson } from './strict-json.ts'

interface AlertsPorts {
  alerts: AlertStore
  create: (request: AlertRequest) => Promise<Alert>
  remove: (alertId: string) => Promise<void>
  source: Meta['source']
}

/** The routes of rules and of their firings. */
export const serveAlerts =
  (ports: AlertsPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    readStrictJson(app)
    app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
    await app.register(serveChanges(ports))
    await app.register(serveRules(ports))
    await app.register(serveFirings(ports))
  }

const serveChanges =
  ({ create, remove, source }: AlertsPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post('/api/alerts', { schema: CREATE }, async ({ body }, reply) => {
      const data = await create(body)
      reply.code(201).header('location', `/api/alerts/${data.alertId}`)
      return { success: true as const, data, meta: metaOf(source, data) }
    })
    app.delete('/api/alerts/:alertId', { schema: REMOVE }, async ({ params: { alertId } }) => {
      await remove(alertId)
      const data = { alertId, deleted: true as const }
      return { success: true as const, data, meta: metaOf(source, data) }
    })
  }

const serveRules =
  ({ alerts, source }: AlertsPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/api/alerts', { schema: LIST }, async ({ query }) => {
      const { coinId } = query
      const { rows, total } = await alerts.list({ ...rangeOf(query), ...(coinId === undefined ? {} : { coinId }) })
      return {
        success: true as const,
        data: rows,
        pagination: paginationOf(query, total),
        meta: metaOf(source, { rows, total }),
      }
    })
    app.get('/api/alerts/:alertId', { schema: READ }, async ({ params: { alertId } }) => {
      const record = await alerts.get(alertId)
      if (record === null) throw alertNotFound(alertId)
      return { success: true as const, data: record.alert, meta: metaOf(source, record.alert) }
    })
  }

const serveFirings =
  ({ alerts, source }: AlertsPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/api/alerts/triggered', { schema: TRIGGERED }, async ({ query }) => {
      const { alertId } = query
      const { rows, total } = await alerts.triggered({
        ...rangeOf(query),
        ...(alertId === undefined ? {} : { alertId }),
      })
      return {
        success: true as const,
        data: rows,
        pagination: paginationOf(query, total),
        meta: metaOf(source, { rows, total }),
      }
    })
  }

/** The version names what is told, so that it is the same on every replica. */
const metaOf = (source: Meta['source'], told: object): Meta => ({
  source,
  version: createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 16),
})

interface PageQuery {
  page: number
  limit: number
}

const rangeOf = ({ page, limit }: PageQuery) => ({ offset: (page - 1) * limit, limit })

const paginationOf = ({ page, limit }: PageQuery, total: number) => ({
  current_page: page,
  total_pages: Math.ceil(total / limit),
  total_items: total,
  items_per_page: limit,
})

const CREATE = {
  tags: ['alerts'],
  summary: 'Set an alert',
  description: `The alert is evaluated at each observation of its coin, and once soon after it was set.
It fires when its condition comes to hold (also when it holds already), stays quiet while it holds, and is armed again at the first
observation at which it does not hold. A threshold itself counts as crossed. \`action_changed\` fires at each observation whose action is
another one than the last that was told, beginning with the action at creation.
\`price_*\` compare the price in US dollars; \`change_*\` the change in percent over the span of the timeframe (SCALPING 1h,
DAY_TRADING 24h, SWING_TRADING 7d, LONG_TERM 30d; 24h without one); \`score_*\`, \`action_changed\` and \`strong_signal\` the signal of the
timeframe, or the primary one without it. An observation that does not know what is compared (no price, too little data for a score)
neither fires nor re-arms. \`cooldownMs\` is the least time between two firings in the time of the observations; what was crossed
within it fires after it, if it still holds.`,
  querystring: NoQuery,
  body: AlertRequest,
  response: { 201: AlertAnswer, ...failures(400, 409, 413, 415) },
} as const

const REMOVE = {
  tags: ['alerts'],
  summary: 'Remove an alert',
  description: 'It does not fire any more once this was answered. What it fired stays readable.',
  params: AlertParams,
  querystring: NoQuery,
  response: { 200: AlertRemoved, ...failures(404) },
} as const

const LIST = {
  tags: ['alerts'],
  summary: 'All alerts, newest first',
  querystring: AlertsQuery,
  response: { 200: AlertsPage, ...failures() },
} as const

const READ = {
  tags: ['alerts'],
  summary: 'One alert',
  description:
    '`isTriggered`: it fired and is not armed again; of an `action_changed` alert: it fired at least once. `triggeredAt` is the last time.',
  params: AlertParams,
  querystring: NoQuery,
  response: { 200: AlertAnswer, ...failures(404) },
} as const

const TRIGGERED = {
  tags: ['alerts'],
  summary: 'What fired, newest first',
  description: `Each firing with its evidence: price, score and time of the one observation that set it off. The score is that of the alert's
timeframe, or the primary one; null if too little was known for one. \`triggeredAt\` is when the observation arrived, or when the alert was
set if that was later. \`triggerId\` is the firing's delivery id, the same on every repeat.`,
  querystring: TriggeredQuery,
  response: { 200: TriggeredPage, ...failures() },
} as const
