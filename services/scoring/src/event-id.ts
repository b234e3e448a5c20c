import { createHash } from 'node:crypto'
import type { ScoredCoin } from '@crypto-signals/contracts'

/** The id of the signals made from a quotes event: a repeat of that event has the same one. */
export const idFromEvent = (quotesId: string): string => `scored-${digest(quotesId)}`

/** The id of signals made from stored quotes: the same observations have the same one. */
export const idFromRows = (rows: readonly ScoredCoin[]): string =>
  `caught-up-${digest(JSON.stringify(rows.map(({ coinId, signals }) => [coinId, signals[0]?.observedAt, signals[0]?.updatedAt])))}`

// A quotes id may be as long as an id can be: there is no room to add to it.
const digest = (text: string) => createHash('sha256').update(text).digest('base64url')
