/** How each service is, as `/readyz` tells it. */
export interface ServiceState {
  ready: boolean
  reasons: string[]
  /** What it holds, by name. */
  counts: Record<string, number>
}

/** Asks how the services are. An answer that says "not ready" is one too. */
export async function askReadiness(): Promise<Record<string, ServiceState>> {
  const answer = await fetch('/readyz', { signal: AbortSignal.timeout(TIMEOUT_MS) })
  const body: { services?: Record<string, ServiceState> } = await answer.json()
  if (body.services === undefined) throw new Error(`/readyz: ${answer.status}`)
  return body.services
}

const TIMEOUT_MS = 10_000
