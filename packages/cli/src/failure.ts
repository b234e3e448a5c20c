import { ApiError, type Candidate } from '@crypto-signals/client'
import type { Surroundings } from './context.ts'
import { UNKNOWN } from './terminal/numbers.ts'
import { paintOf } from './terminal/paint.ts'
import { table } from './terminal/table.ts'
import { clean, jsonOf } from './terminal/text.ts'

/** Says on stderr what went wrong and what to do about it; the exit code is 1. */
export function report(error: unknown, options: { url?: string; json?: boolean }, { err }: Surroundings): number {
  if (!(error instanceof ApiError)) throw error
  const { code, candidates, details } = error
  const advice = adviceOf(error, options.url ?? '')
  const message = clean(error.message)
  if (options.json) {
    err.write(`${jsonOf({ success: false, error: message, code, advice, details, candidates })}\n`)
    return 1
  }
  const lines = [`crypto-signals: ${message}`, ...faultLines(error), advice]
  if (candidates.length > 0) lines.push(...candidateLines(candidates, err.isTTY ? err.columns : undefined))
  err.write(`${lines.join('\n')}\n`)
  return 1
}

/** Which part of what was asked is wrong; of a coin that is not there the message says enough. */
const faultLines = ({ status, details }: ApiError): string[] =>
  status === 404 ? [] : details.map(({ path, message }) => `  ${clean(path)}: ${clean(message)}`)

function adviceOf({ status, code, candidates, retryAfterMs }: ApiError, url: string): string {
  if (status === 0) return `No answer from ${url}: start the server, or name another with --url or CRYPTO_SIGNALS_URL.`
  if (candidates.length > 0) return `It is the symbol of ${candidates.length} coins: name one by its id.`
  if (code === 'QUERY_COIN_NOT_FOUND' || code === 'ALERTING_UNKNOWN_COIN')
    return 'Find its id with: crypto-signals search <text>'
  if (code === 'ALERTING_ALERT_NOT_FOUND') return 'See which there are with: crypto-signals alerts list'
  if (status === 404) return 'See what there is with: crypto-signals --help'
  if (status === 429) return `Ask again in ${Math.ceil((retryAfterMs ?? 60_000) / 1_000)} s.`
  if (status >= 500) return 'See how the server is with: crypto-signals status'
  return `The server refused it (${clean(code)}).`
}

function candidateLines(candidates: readonly Candidate[], width: number | undefined): string[] {
  const columns = [
    { title: 'ID', most: 48 },
    { title: 'SYMBOL', most: 16 },
    { title: 'NAME', most: 32 },
    { title: 'RANK', align: 'right' as const },
  ]
  const rows = candidates.map(({ coinId, symbol, name, marketCapRank }) => [
    coinId,
    symbol,
    name,
    marketCapRank === null ? UNKNOWN : String(marketCapRank),
  ])
  return table(columns, rows, { paint: paintOf(false), width })
}
