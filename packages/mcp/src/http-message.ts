import type { IncomingMessage } from 'node:http'

/** Why a request is not answered, as HTTP and as JSON-RPC say it. */
export interface Refusal {
  status: number
  message: string
  /** Of JSON-RPC; -32000 without it. */
  code?: number
  headers?: Record<string, string>
}

/** Reads the one JSON-RPC message that a request's body holds, or says why it is not taken. */
export async function messageOf(request: IncomingMessage): Promise<{ message?: unknown; refused?: Refusal }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return { refused: TOO_LARGE }
    chunks.push(chunk)
  }
  const message = parsed(Buffer.concat(chunks).toString())
  if (message === undefined) return { refused: NO_JSON }
  return Array.isArray(message) ? { refused: BATCH } : { message }
}

const MAX_BODY_BYTES = 64 * 1024

const TOO_LARGE = { status: 413, message: `A body has at most ${MAX_BODY_BYTES} bytes` }
const NO_JSON = { status: 400, code: -32_700, message: 'Parse error: the body is not JSON' }
// The protocol had them in one version only, and in one a caller may ask for any number of tools.
const BATCH = { status: 400, code: -32_600, message: 'Invalid Request: one message in a request, no batches' }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
