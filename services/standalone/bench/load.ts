import autocannon from 'autocannon'

export interface Round {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
}

/** Asks `url` for `paths` in turn over `connections` for `seconds`. Throws when an answer was no success. */
export async function load(url: string, paths: string[], { connections = 64, seconds = 3 } = {}): Promise<Round> {
  const result = await autocannon({ url, connections, duration: seconds, requests: paths.map((path) => ({ path })) })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`)
  return { requestsPerSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 }
}

/** Of several rounds, the one in the middle by requests per second. */
export function median(rounds: Round[]): Round {
  const sorted = rounds.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('no rounds')
  return middle
}

/** `count` random questions to `/api/signals`, the same for the same seed. */
export function randomPaths(count: number, seed = 1): string[] {
  let state = seed
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const pick = (words: string[]) => words[below(words.length)] ?? ''
  return Array.from({ length: count }, () => {
    const min = below(60)
    const parts = [
      `page=${1 + below(20)}`,
      'limit=50',
      pick(['', 'timeframe=SCALPING', 'timeframe=DAY_TRADING', 'timeframe=SWING_TRADING', 'timeframe=LONG_TERM']),
      pick(['', '', 'filter=buy', 'filter=hold', 'filter=sell']),
      pick(['', 'sort=score', 'sort=rank', 'sort=updated']),
      pick(['', `min_score=${min}`, `min_score=${min}&max_score=${min + 40}`]),
    ]
    return `/api/signals?${parts.filter((part) => part !== '').join('&')}`
  })
}
