/** What replicas of a service share and may lose: nothing durable lives here. */
export interface Cache extends AsyncDisposable {
  readonly adapter: 'in-process' | 'redis'
  /** Counts one more under `key` in the window of `windowMs` that its first count opened, and tells the count and the time left of it. */
  increment(key: string, windowMs: number): Promise<Count>
  /** Rejects when the cache does not answer. */
  ping(): Promise<void>
}

export interface Count {
  count: number
  /** Milliseconds until the window ends and the count begins anew. */
  resetMs: number
}
