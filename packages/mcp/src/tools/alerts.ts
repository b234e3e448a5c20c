import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { AlertShape, alertLine, asked, FiringShape, PAGE, PageShape, pageOf, ruleWords, Source } from '../shapes.ts'
import { addTool } from '../tool.ts'
import { ageWords, secondsOf, sourceWords, usdOf } from '../words.ts'

/** list_alerts and list_triggered_alerts. */
export function alertTools(server: McpServer, parts: ServerParts): void {
  const { client, now } = parts
  addTool(server, 'list_alerts', parts, {
    title: 'Alerts',
    description: 'The alerts that are set, all or those of one coin.',
    input: z.strictObject({ coin_id: asked(128).optional(), ...PAGE }),
    output: z.object({ source: Source, ...PageShape, alerts: z.array(AlertShape) }),
    work: async ({ coin_id, ...page }, calling) => {
      const query = { ...page, ...(coin_id === undefined ? {} : { coinId: coin_id }) }
      const { data, meta, pagination } = await client.alerts.list(query, calling)
      const lines = data.length === 0 ? ['No alerts are set.'] : data.map(alertLine)
      const found = { source: meta.source, ...pageOf(pagination), alerts: data }
      return { found, text: sourceWords(meta.source) + lines.join('\n') }
    },
  })
  addTool(server, 'list_triggered_alerts', parts, {
    title: 'What fired',
    description: 'Firings of alerts, newest first, with what was seen.',
    input: z.strictObject({ alert_id: z.uuid().optional(), ...PAGE }),
    output: z.object({ source: Source, ...PageShape, firings: z.array(FiringShape) }),
    work: async ({ alert_id, ...page }, calling) => {
      const query = { ...page, ...(alert_id === undefined ? {} : { alertId: alert_id }) }
      const { data, meta, pagination } = await client.alerts.triggered(query, calling)
      const firings = data.map(({ evidence, ...firing }) => ({
        ...firing,
        ageSeconds: Math.max(0, secondsOf(now() - Date.parse(firing.triggeredAt))),
        evidence: { priceUsd: evidence.price, score: evidence.score, observedAt: evidence.observedAt },
      }))
      const lines = firings.map(
        (firing) =>
          `${ruleWords(firing)} fired ${ageWords(firing.ageSeconds)} ago at ${usdOf(firing.evidence.priceUsd)}`,
      )
      const text = lines.length === 0 ? 'No alert has fired.' : lines.join('\n')
      return { found: { source: meta.source, ...pageOf(pagination), firings }, text: sourceWords(meta.source) + text }
    },
  })
}
