import {
  type Alert,
  actionOf,
  type Changes,
  COMPONENTS,
  NO_ORIGINS,
  type Quote,
  type ScoredCoin,
  type Signal,
  type SourceStatus,
  TIMEFRAMES,
  type Timeframe,
} from '@crypto-signals/contracts'

type QuoteOverrides = Partial<Omit<Quote, 'changePct'>> & { changePct?: Partial<Changes> }

/** A valid quote; of Bitcoin, unless told otherwise. */
export function quoteOf({ changePct, ...overrides }: QuoteOverrides = {}): Quote {
  return {
    coinId: 'bitcoin',
    symbol: 'btc',
    name: 'Bitcoin',
    image: null,
    marketCapRank: 1,
    priceUsd: 60_000,
    marketCapUsd: 1.2e12,
    volumeUsd24h: 3e10,
    high24hUsd: 61_000,
    low24hUsd: 59_000,
    circulatingSupply: 2e7,
    changePct: { ...CHANGES, ...changePct },
    sparkline: null,
    source: 'coingecko',
    origins: NO_ORIGINS,
    observedAt: INSTANT,
    receivedAt: INSTANT,
    ...overrides,
  }
}

type SignalOverrides = Partial<Omit<Signal, 'timeframe' | 'recommendation'>> & {
  recommendation?: Partial<Signal['recommendation']>
}

type ScoredCoinOverrides = SignalOverrides & {
  changePct?: Partial<Changes>
  /** What only one horizon says; the other overrides are for all four. */
  on?: Partial<Record<Timeframe, SignalOverrides>>
}

/** A valid scored coin whose signals agree with themselves: actions fit the scores and contributions sum to them. */
export function scoredCoinOf({ changePct, on = {}, ...overrides }: ScoredCoinOverrides = {}): ScoredCoin {
  const signals = TIMEFRAMES.map((timeframe) => signalOf(timeframe, { ...overrides, ...on[timeframe] }))
  return { coinId: overrides.coinId ?? 'bitcoin', changePct: { ...CHANGES, ...changePct }, signals }
}

/** A valid alert: Bitcoin above 100,000 dollars, not fired yet, unless told otherwise. */
export function alertOf(overrides: Partial<Alert> = {}): Alert {
  return {
    alertId: '0196a000-0000-7000-8000-000000000001',
    coinId: 'bitcoin',
    alertType: 'price_above',
    settings: { threshold: 100_000 },
    isTriggered: false,
    triggerCount: 0,
    triggeredAt: null,
    createdAt: INSTANT,
    ...overrides,
  }
}

/** A valid status of a source that is well. */
export function sourceStatusOf(overrides: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: 'alpha',
    title: 'Alpha',
    kind: 'aggregator',
    simulated: false,
    attribution: { text: 'Data by Alpha', url: 'https://alpha.example' },
    terms: 'unknown',
    access: 'open',
    fields: ['price'],
    state: 'ok',
    connected: null,
    lastSuccessAt: INSTANT,
    lastError: null,
    lagMs: 0,
    universe: 1,
    coins: 1,
    heldBack: 0,
    feeds: [],
    sweep: null,
    sweptAt: null,
    nextSweepAt: null,
    budget: { perMinute: 30, minuteLeft: 29, perMonth: null, monthLeft: null, blockedUntil: null, exhaustsAt: null },
    updatedAt: INSTANT,
    ...overrides,
  }
}

const INSTANT = '2026-01-01T00:00:00.000Z'

const CHANGES: Changes = { '1h': 0.5, '24h': 2, '7d': 5, '14d': 6, '30d': 10, '200d': 20, '1y': 40 }

function signalOf(timeframe: Timeframe, { finalScore = 50, recommendation, ...overrides }: SignalOverrides): Signal {
  return {
    coinId: 'bitcoin',
    symbol: 'btc',
    name: 'Bitcoin',
    rank: 1,
    timeframe,
    price: 60_000,
    finalScore,
    recommendation: { action: actionOf(finalScore), confidence: 0.5, ...recommendation },
    breakdown: breakdownOf(finalScore),
    coverage: 1,
    insufficientData: false,
    source: 'coingecko',
    observedAt: INSTANT,
    updatedAt: INSTANT,
    previous: null,
    ...overrides,
  }
}

const breakdownOf = (score: number): Signal['breakdown'] =>
  COMPONENTS.map((component) => ({
    component,
    score,
    weight: 1 / COMPONENTS.length,
    contribution: score / COMPONENTS.length,
    why: `${component} is at ${score}`,
  }))
