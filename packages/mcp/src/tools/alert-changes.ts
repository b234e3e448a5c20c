import type { AlertRequest } from '@crypto-signals/client'
import { ALERT_TYPES } from '@crypto-signals/client'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { AlertShape, alertLine, asked, Source, Timeframe } from '../shapes.ts'
import { addTool } from '../tool.ts'
import { sourceWords } from '../words.ts'

/** create_alert and delete_alert. */
export function alertChangeTools(server: McpServer, parts: ServerParts): void {
  const { client } = parts
  addTool(server, 'create_alert', parts, {
    title: 'Set an alert',
    description:
      'Sets an alert on a coin. The threshold is in dollars, percent or points, as the type says; action_changed and strong_signal have none.',
    input: z.strictObject({
      coin_id: asked(128).describe('Id such as "bitcoin"'),
      type: z.enum(ALERT_TYPES),
      threshold: z.number().min(-100).max(1e15).optional(),
      timeframe: Timeframe.optional(),
      cooldown_seconds: z.number().int().min(0).max(2_592_000).optional().describe('Least time between two firings'),
    }),
    output: z.object({ source: Source, alert: AlertShape }),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    work: async ({ coin_id, type, threshold, timeframe, cooldown_seconds }, calling) => {
      const settings = {
        ...(threshold === undefined ? {} : { threshold }),
        ...(timeframe === undefined ? {} : { timeframe }),
        ...(cooldown_seconds === undefined ? {} : { cooldownMs: cooldown_seconds * 1_000 }),
      }
      const request = { coinId: coin_id, alertType: type, settings } as AlertRequest
      const { data, meta } = await client.alerts.create(request, calling)
      return {
        found: { source: meta.source, alert: data },
        text: `${sourceWords(meta.source)}Set ${alertLine(data)}`,
      }
    },
  })
  addTool(server, 'delete_alert', parts, {
    title: 'Delete an alert',
    description: 'Deletes an alert for ever. What it had fired stays readable.',
    input: z.strictObject({ alert_id: z.uuid() }),
    output: z.object({ source: Source, alertId: z.string(), deleted: z.literal(true) }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    work: async ({ alert_id }, calling) => {
      const { data, meta } = await client.alerts.remove(alert_id, calling)
      return { found: { source: meta.source, ...data }, text: `${sourceWords(meta.source)}Deleted ${data.alertId}.` }
    },
  })
}
