import type { Client } from '@crypto-signals/client'

/** What the tools work with. */
export interface ServerParts {
  client: Client
  /** Whether tools that change something are offered. */
  allowWrites: boolean
  now: () => number
  /** Takes what an operator should know; never the protocol's output. */
  tell: (line: string) => void
}
