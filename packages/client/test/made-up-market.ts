import type { MarketRow, StreamMessage } from '@crypto-signals/contracts'

/** Made-up coins, of which a filter holds some, and what is to be told of them. */
export interface MadeUpMarket {
  /** Rises with all that happens. */
  readonly mark: number
  readonly version: string
  /** The mark up to which a version goes; undefined if it is not known. */
  markOf(version: string): number | undefined
  /** The rows that the filter held at a version. */
  stateAt(version: string): Map<string, MarketRow> | undefined
  /** One step: each of these coins gets a new price, and is within the filter from now on or not. */
  change(coins: readonly { coin: number; fits: boolean }[]): void
  /** Something fires. */
  alert(): void
  /** From now on no version is known but the present one, as in a new process. */
  forget(): void
  all(): StreamMessage[]
  since(mark: number): StreamMessage[]
}

const ROWS_A_MESSAGE = 3
const AT = '2026-01-01T00:00:00.000Z'

export function createMadeUpMarket(): MadeUpMarket {
  const coins = new Map<string, { row: MarketRow; fits: boolean; mark: number }>()
  const alerts: { mark: number; triggerId: string }[] = []
  const states = new Map<string, Map<string, MarketRow>>()
  const known = new Map<string, number>()
  let [mark, version] = [0, '']

  const fitting = () => [...coins.values()].filter(({ fits }) => fits).map(({ row }) => row)
  const settle = () => {
    version = `v${mark.toString(36)}-x`
    known.set(version, mark)
    states.set(version, new Map(fitting().map((row) => [row.coinId, row])))
  }
  settle()
  return {
    get mark() {
      return mark
    },
    get version() {
      return version
    },
    markOf: (version) => known.get(version),
    stateAt: (version) => states.get(version),
    change(changes) {
      mark++
      for (const { coin, fits } of changes) coins.set(`coin-${coin}`, { row: rowOf(coin, mark), fits, mark })
      settle()
    },
    alert: () => void alerts.push({ mark: ++mark, triggerId: `firing-${mark}` }),
    forget() {
      known.clear()
      known.set(version, mark)
    },
    all: () => step(fitting(), [], version),
    since(since) {
      const changed = [...coins.values()].filter((coin) => coin.mark > since)
      const rows = changed.filter(({ fits }) => fits).map(({ row }) => row)
      const left = changed.filter(({ fits }) => !fits).map(({ row }) => row.coinId)
      const told = alerts.filter((alert) => alert.mark > since).map(({ triggerId }) => alertMessage(triggerId))
      return [...(changed.length > 0 ? step(rows, left, version) : []), ...told]
    },
  }
}

/** One step in as many messages as it takes, of which only the last has an id. */
function step(rows: MarketRow[], left: string[], version: string): StreamMessage[] {
  const count = Math.max(1, Math.ceil(rows.length / ROWS_A_MESSAGE))
  return Array.from({ length: count }, (_, index): StreamMessage => {
    const some = rows.slice(index * ROWS_A_MESSAGE, (index + 1) * ROWS_A_MESSAGE)
    const more = index < count - 1
    const data = { version, at: AT, rows: some, left: index === 0 ? left : [], more }
    return { event: 'changes', ...(!more && { id: version }), data }
  })
}

const rowOf = (coin: number, price: number): MarketRow => ({
  coinId: `coin-${coin}`,
  symbol: 'é€😀',
  name: `Coin ${coin}`,
  rank: null,
  priceUsd: price,
  marketCapUsd: null,
  volumeUsd24h: null,
  changePct: { '1h': null, '24h': null, '7d': null, '30d': null },
  shape7d: null,
  source: 'made-up',
  observedAt: AT,
  signals: null,
})

const alertMessage = (triggerId: string): StreamMessage => ({
  event: 'alert',
  data: {
    triggerId,
    alertId: 'alert',
    sequence: 1,
    coinId: 'coin-1',
    alertType: 'strong_signal',
    settings: {},
    isTriggered: true,
    triggeredAt: AT,
    evidence: { price: 1, score: 90, observedAt: AT },
  },
})
