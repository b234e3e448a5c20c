import type { Cursor } from './stream.ts'
import type { ExportFilter, RowFilter } from './types.ts'

/** What is asked for where the answer is read while it comes. */
export interface Questions {
  /** Without a slash at its end. */
  baseUrl: string
  export(filter: ExportFilter, signal: AbortSignal | undefined): Request
  stream(filter: RowFilter, cursor: Cursor, signal: AbortSignal | undefined): Request
}

/** Throws when `baseUrl` is no address; in a page it may be one within the page's server. */
export function createQuestions(address: string, headers: Record<string, string>): Questions {
  const baseUrl = address.replace(/\/+$/, '')
  // Throws.
  void new URL(baseUrl, (globalThis as { location?: { href: string } }).location?.href)
  const request = (path: string, query: Record<string, unknown>, init: RequestInit) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
    return new Request(`${baseUrl}${path}${search && `?${search}`}`, init)
  }
  const aborted = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })
  return {
    baseUrl,
    export: (filter, signal) => request('/api/export.ndjson', queryOf(filter), { headers, ...aborted(signal) }),
    stream(filter, { since, snapshot, lastEventId }, signal) {
      const query = { ...queryOf(filter), since, ...(snapshot && { snapshot }) }
      const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      return request('/api/stream', query, {
        cache: 'no-store',
        headers: { ...headers, accept: 'text/event-stream', ...resume },
        ...aborted(signal),
      })
    },
  }
}

/** A filter as the server wants it: lists with commas. */
export const queryOf = <F extends RowFilter>({ coins, actions, ...rest }: F) => ({
  ...rest,
  ...(coins !== undefined && { coins: String(coins) }),
  ...(actions !== undefined && { actions: String(actions) }),
})
