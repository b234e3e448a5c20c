import { ApiError } from '@crypto-signals/client'
import type { Words } from '../../language/en.ts'

/** Why the server did not do what it was asked, in the reader's words where they say more than its own. */
export function failureText(error: unknown, { failures }: Words['alerts']): string {
  if (!(error instanceof ApiError)) return failures.other
  const { status, code, details } = error
  if (code === 'ALERTING_UNKNOWN_COIN') return failures.unknownCoin
  if (code === 'ALERTING_LIMIT_REACHED') return failures.limit
  if (status === 429) return failures.tooMany
  if (status === 0 || status >= 500) return failures.network
  return [failures.other, ...details.map(({ message }) => message)].join(' ')
}
