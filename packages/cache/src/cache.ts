/** What replicas of a service share and may lose: nothing durable lives here. */
export interface Cache extends AsyncDisposable {
  readonly adapter: 'in-process' | 'redis'
  /**
   * Counts one more under `key` in the window of `windowMs` that its first count opened, and tells the count and the time
   * left of it. Never rejects: without what is shared it goes on from the last count that was.
   */
  increment(key: string, windowMs: number): Promise<Count>
  /** What was set under `key` and is neither outdated nor lost, else null; not to be changed. Never rejects. */
  get(key: string): Promise<Uint8Array | null>
  /** Keeps `value` under `key` for at most `ttlMs`; one larger than 1 MiB is not kept. Never rejects. */
  set(key: string, value: Uint8Array, ttlMs: number): Promise<void>
  /**
   * The lease `name` for `ttlMs`, or null while another holder has it; the same holder gets it anew, which ends its earlier one.
   * Rejects when the cache does not answer: then nobody gets it.
   */
  lease(name: string, holder: string, ttlMs: number): Promise<Lease | null>
  /** Whether what is shared is out of reach, so that counts are this process's own and nothing is kept. */
  degraded(): boolean
  /** Rejects when the cache does not answer. */
  ping(): Promise<void>
}

export interface Count {
  count: number
  /** Milliseconds until the window ends and the count begins anew. */
  resetMs: number
}

/** The right to be the only one who does something, for a while. */
export interface Lease {
  /** Higher than that of every earlier lease of the name: whoever is written to refuses a lower one than it has seen. */
  readonly token: number
  /** False from the moment on at which another could have it, as far as this process's clock can tell. */
  isHeld(): boolean
  /** Holds it for its full time from now on; false when it is ours no more. Rejects when the cache does not answer. */
  renew(): Promise<boolean>
  /** Lets others have it at once. Never rejects: unheard, it runs out. */
  release(): Promise<void>
}
