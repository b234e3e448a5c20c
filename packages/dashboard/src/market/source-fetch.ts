import type { Source } from './protocol.ts'

/** `fetch` that tells whose market an answer is of, before anybody shows what the answer says. */
export function sourceFetch(tell: (source: Source) => void, ask: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await ask(input, init)
    const source = await sourceOf(response)
    if (source !== null) tell(source)
    return response
  }
}

/** What does not say it, or breaks off, says nothing: what becomes of the answer is for the asker. */
async function sourceOf(response: Response): Promise<Source | null> {
  if (!response.headers.get('content-type')?.includes('/json')) return null
  try {
    const source: unknown = (await response.clone().json())?.meta?.source
    return source === 'live' || source === 'simulated' ? source : null
  } catch {
    return null
  }
}
