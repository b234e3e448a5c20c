/** What a source bears of one who asks on its free plan. */
export interface Plan {
  readonly windows: readonly LimitWindow[]
  /** Credits a calendar month (UTC); null where none are counted. */
  readonly perMonth: number | null
  /** What requests weigh by their path below the base URL; 1 where it is not here. */
  readonly weights: Readonly<Record<string, number>>
  /** Rows that one credit buys; null where a request is one credit. */
  readonly rowsPerCredit: number | null
  /** What it says beyond. */
  readonly refusal: { readonly status: number; readonly body: unknown }
}

/** At most `weight` in any `ms`. */
export interface LimitWindow {
  readonly ms: number
  readonly weight: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

const plan = (given: Partial<Plan> & Pick<Plan, 'windows' | 'refusal'>): Plan => ({
  perMonth: null,
  weights: {},
  rowsPerCredit: null,
  ...given,
})
const per = (ms: number, weight: number): LimitWindow => ({ ms, weight })
const tooMany = (body: unknown): Plan['refusal'] => ({ status: 429, body })

const GECKO_BODY = {
  status: {
    error_code: 429,
    error_message:
      "You've exceeded the Rate Limit. Please visit https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits.",
  },
}

/** Documented limits of the free plans; where a source publishes none, the rate that its users found to be borne. */
export const PLANS = {
  coingecko: plan({ windows: [per(MINUTE_MS, 30)], perMonth: 10_000, refusal: tooMany(GECKO_BODY) }),
  coinpaprika: plan({
    windows: [per(SECOND_MS, 10)],
    perMonth: 20_000,
    refusal: tooMany({ error: 'too many requests' }),
  }),
  // Unpublished: its clients ask once a second.
  coinlore: plan({ windows: [per(SECOND_MS, 2), per(MINUTE_MS, 60)], refusal: tooMany('Too Many Requests') }),
  // Unpublished; 429 occurs.
  defillama: plan({ windows: [per(MINUTE_MS, 15)], refusal: tooMany({ message: 'Too Many Requests' }) }),
  coinmarketcap: plan({
    windows: [per(MINUTE_MS, 30)],
    perMonth: 15_000,
    rowsPerCredit: 200,
    refusal: tooMany({
      status: {
        error_code: 1008,
        error_message: "You've exceeded your API Key's HTTP request rate limit. Rate limits reset every minute.",
        elapsed: 0,
        credit_count: 0,
      },
    }),
  }),
  dexscreener: plan({ windows: [per(MINUTE_MS, 300)], refusal: tooMany('Too Many Requests') }),
  geckoterminal: plan({ windows: [per(MINUTE_MS, 30)], refusal: tooMany(GECKO_BODY) }),
  binance: plan({
    windows: [per(MINUTE_MS, 6_000)],
    weights: { '/ticker/24hr': 80, '/exchangeInfo': 20, '/klines': 2 },
    refusal: tooMany({
      code: -1003,
      msg: 'Too many requests; current limit of IP is 6000 request weight per minute. Please use WebSocket Streams for live updates to avoid polling the API.',
    }),
  }),
  bybit: plan({
    windows: [per(5 * SECOND_MS, 600)],
    refusal: { status: 403, body: { retCode: 10006, retMsg: 'access too frequent', result: {} } },
  }),
  okx: plan({
    windows: [per(2 * SECOND_MS, 20)],
    refusal: tooMany({ code: '50011', msg: 'Too Many Requests', data: [] }),
  }),
  // It says so inside a 200.
  kraken: plan({
    windows: [per(MINUTE_MS, 60)],
    refusal: { status: 200, body: { error: ['EGeneral:Too many requests'] } },
  }),
  kucoin: plan({
    windows: [per(30 * SECOND_MS, 2_000)],
    weights: { '/market/allTickers': 15, '/market/candles': 3 },
    refusal: tooMany({ code: '429000', msg: 'Too Many Requests' }),
  }),
  gate: plan({
    windows: [per(10 * SECOND_MS, 200)],
    refusal: tooMany({ label: 'TOO_MANY_REQUESTS', message: 'Request Rate Limit Exceeded' }),
  }),
  mexc: plan({
    windows: [per(10 * SECOND_MS, 500)],
    weights: { '/ticker/24hr': 40, '/exchangeInfo': 10 },
    refusal: tooMany({ code: 429, msg: 'Too Many Requests' }),
  }),
  bitget: plan({ windows: [per(SECOND_MS, 20)], refusal: tooMany({ code: '429', msg: 'Too Many Requests' }) }),
  coinbase: plan({ windows: [per(SECOND_MS, 10)], refusal: tooMany({ message: 'Public rate limit exceeded' }) }),
  'alternative-me': plan({ windows: [per(MINUTE_MS, 60)], refusal: tooMany({ error: 'Too Many Requests' }) }),
} as const satisfies Record<string, Plan>

export type SimulatedName = keyof typeof PLANS
