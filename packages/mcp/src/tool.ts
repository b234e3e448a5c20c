import { ApiError } from '@crypto-signals/client'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import type { ServerParts } from './server-parts.ts'
import { cleaned } from './words.ts'

interface ToolParts<I extends z.ZodObject, O extends z.ZodObject> {
  title: string
  description: string
  input: I
  output: O
  annotations?: ToolAnnotations
  /** Asks the API, until the caller gives up: what is found, in the form of `output`, and the same in a few lines. */
  work: (asked: z.output<I>, calling: { signal: AbortSignal }) => Promise<{ found: z.input<O>; text: string }>
}

/** Offers a tool. What the API refuses becomes a tool error with its code and candidates; no other error is told. */
export function addTool<I extends z.ZodObject, O extends z.ZodObject>(
  server: McpServer,
  name: string,
  { tell }: Pick<ServerParts, 'tell'>,
  { title, description, input, output, annotations = READS, work }: ToolParts<I, O>,
): void {
  const config = { title, description, inputSchema: input, outputSchema: output, annotations }
  const handler = async (asked: z.output<I>, { signal }: { signal: AbortSignal }): Promise<CallToolResult> => {
    try {
      const { found, text } = await work(asked, { signal })
      return { structuredContent: cleaned(output.parse(found)), content: [{ type: 'text', text }] }
    } catch (error) {
      if (!(error instanceof ApiError) && !signal.aborted) tell(`crypto-signals-mcp: ${name}: ${String(error)}`)
      return { isError: true, content: [{ type: 'text', text: JSON.stringify(cleaned(failureOf(error))) }] }
    }
  }
  // The SDK cannot see through I which input it hands over: just this one.
  server.registerTool(name, config, handler as never)
}

const READS = { readOnlyHint: true, openWorldHint: true }

function failureOf(error: unknown) {
  if (!(error instanceof ApiError)) return { code: 'MCP_INTERNAL', message: 'The tool failed' }
  const { code, status, message, candidates, details, retryAfterMs } = error
  return {
    code,
    status,
    message,
    ...(details.length === 0 ? {} : { details }),
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) }),
    ...(candidates.length === 0
      ? {}
      : { advice: 'Several coins may be meant: ask again with one of these ids', candidates }),
  }
}
