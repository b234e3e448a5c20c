import type {
  Action,
  Alert,
  Bar,
  BarInterval,
  MarketIndex,
  Quote,
  ScoredCoin,
  ScoreInterval,
  ScorePoint,
  SourceStatus,
  TriggeredAlert,
} from '@crypto-signals/contracts'

/** The system of record. Whatever a call wrote is there after its promise resolved, whole, also after `kill -9`. */
export interface Store extends AsyncDisposable {
  readonly adapter: 'sqlite' | 'mongodb'
  readonly quotes: QuoteStore
  readonly signals: SignalStore
  readonly alerts: AlertStore
  readonly sources: SourceStore
  readonly budgets: BudgetStore
  readonly bars: BarStore
  readonly scores: ScoreStore
  readonly mappings: MappingStore
  /** Rejects when the store does not answer or, where it is a file, cannot be written. */
  ping(): Promise<void>
}

/** The latest observation of each coin. */
export interface QuoteStore {
  /**
   * Keeps of each coin the newest by (observedAt, receivedAt): a late or repeated quote changes nothing. A batch with one that cannot
   * be written is refused as a whole. When a server is lost half-way, each quote is there or not, and repeating the call completes it.
   */
  save(quotes: readonly Quote[]): Promise<void>
  get(coinId: string): Promise<Quote | null>
  /** Every quote, in batches of at most `size`, ordered by coinId. Writing between two batches is safe: what was there at the start comes once. */
  all(size: number): AsyncIterable<Quote[]>
  /** The quotes that have no signals of the same observation (observedAt, receivedAt = updatedAt) or a newer one, otherwise as `all`. */
  unscored(size: number): AsyncIterable<Quote[]>
}

/** The latest signals of each coin. */
export interface SignalStore {
  /** Keeps of each coin the newest by (observedAt, updatedAt) of its first signal: late or repeated ones change nothing. Otherwise as `QuoteStore.save`. */
  save(coins: readonly ScoredCoin[]): Promise<void>
  /** Those of the coins that have signals, in no particular order. */
  of(coinIds: readonly string[]): Promise<ScoredCoin[]>
  /** As `QuoteStore.all`. */
  all(size: number): AsyncIterable<ScoredCoin[]>
}

/** A rule with what its evaluation remembers. */
export interface AlertRecord {
  alert: Alert
  /** Rises by one with each `advance`: two replicas cannot both advance the same version. */
  version: number
  /** The newest observation that changed the rule's state: nothing up to it is evaluated again. */
  seen: { observedAt: string; updatedAt: string } | null
  /** The action that an action_changed rule compares with. */
  lastAction: Action | null
}

/** Rules and their firings; durable before the promise resolves, also through a loss of power. */
export interface AlertStore {
  /** Rejects when there is a rule of this alertId. */
  create(record: AlertRecord): Promise<void>
  get(alertId: string): Promise<AlertRecord | null>
  /** Newest first (createdAt, then alertId, both descending). */
  list(query: { coinId?: string; offset: number; limit: number }): Promise<{ rows: Alert[]; total: number }>
  count(): Promise<number>
  /** At most `limit` coins that rules watch, each once, by coinId. */
  coins(limit: number): Promise<string[]>
  /** Removes the rule, keeps its firings. False when there is none. */
  remove(alertId: string): Promise<boolean>
  /** As `QuoteStore.all`, ordered by alertId. */
  all(size: number): AsyncIterable<AlertRecord[]>
  /** The rules that watch one of these coins, in no particular order; otherwise as `all`. */
  watching(coinIds: readonly string[], size: number): AsyncIterable<AlertRecord[]>
  /**
   * Writes the state of one rule after an evaluation and, if it fired, the firing, which then waits to be published: both or none.
   * False, and nothing written, when the rule is gone, its version is no longer `record.version - 1`, or the alert has a firing of this sequence.
   */
  advance(record: AlertRecord, trigger: TriggeredAlert | null): Promise<boolean>
  /** Firings, newest triggeredAt first (then triggerId, descending). */
  triggered(query: {
    alertId?: string
    offset: number
    limit: number
  }): Promise<{ rows: TriggeredAlert[]; total: number }>
  /** Firings not yet marked as published, oldest first (triggeredAt, then sequence, then triggerId). */
  unpublished(limit: number): Promise<TriggeredAlert[]>
  /** Those that are unknown or marked already are left as they are. */
  markPublished(triggerIds: readonly string[]): Promise<void>
}

/** A coin as its source lists it. */
export interface ListedCoin {
  id: string
  symbol: string
  name: string
  /** Its contracts by CoinGecko's name of the platform. */
  platforms: Record<string, string>
}

/** How far a sweep of the whole universe has come; a restart goes on from here. */
export interface SweepProgress {
  startedAt: string
  /** The universe the sweep goes through, by the time it was listed. */
  listedAt: string
  chunksDone: number
  chunksTotal: number
  rowsGood: number
  rowsBad: number
  finishedAt: string | null
}

/** What ingestion remembers of each market source. */
export interface SourceStore {
  /** Replaces the source's last one, as the other two do. */
  saveStatus(status: SourceStatus): Promise<void>
  /** Ordered by name. */
  statuses(): Promise<SourceStatus[]>
  saveUniverse(source: string, listedAt: string, coins: readonly ListedCoin[]): Promise<void>
  universe(source: string): Promise<{ listedAt: string; coins: ListedCoin[] } | null>
  saveSweep(source: string, sweep: SweepProgress): Promise<void>
  sweep(source: string): Promise<SweepProgress | null>
  /** Replaces the last value of the same index. */
  saveIndex(index: MarketIndex): Promise<void>
  /** Ordered by index. */
  indices(): Promise<MarketIndex[]>
}

/** Bars of each coin, packed into one record for each interval; of each the newest `BARS_KEPT` stay. Several processes may write at once: none loses what another wrote. */
export interface BarStore {
  /** Puts bars in: one that opened at the same moment is replaced. What is older than the kept ones is left out. Bars of a call ascend. */
  save(bars: readonly CoinBars[]): Promise<void>
  /** Those that opened from `fromMs` to before `toMs`, oldest first. */
  of(coinId: string, interval: BarInterval, range: { fromMs: number; toMs: number }): Promise<Bar[]>
  /** As `QuoteStore.all`. */
  all(interval: BarInterval, size: number): AsyncIterable<CoinBars[]>
}

export interface CoinBars {
  coinId: string
  interval: BarInterval
  series: BarSeries
}

/** Bars in columns, oldest first, all of one length. */
export interface BarSeries {
  openedAtMs: Float64Array
  open: Float32Array
  high: Float32Array
  low: Float32Array
  close: Float32Array
  /** NaN where it is not known. */
  volumeUsd: Float32Array
  /** 1 where the bar did not come from quotes as they were seen. */
  filled: Uint8Array
}

/** What each coin's horizons said before, packed into one record for each interval; of each the points of the last `SCORES_KEPT` intervals stay. Otherwise as `BarStore`. */
export interface ScoreStore {
  /** Puts points in, in any order: one of the same interval is replaced by the later one. Rejects with a `RangeError`, and saves nothing, when one lies at no multiple of its interval. */
  save(scores: readonly CoinScores[]): Promise<void>
  /** All that are kept, oldest first. */
  of(coinId: string, interval: ScoreInterval): Promise<ScorePoint[]>
}

export interface CoinScores {
  coinId: string
  interval: ScoreInterval
  points: readonly ScorePoint[]
}

/** Which coin each source's keys mean. */
export interface MappingStore {
  /** Replaces what was known of the same source and key. */
  save(mappings: readonly Mapping[]): Promise<void>
  /** Ordered by source and key; otherwise as `QuoteStore.all`. */
  all(size: number): AsyncIterable<Mapping[]>
}

export interface Mapping {
  source: string
  key: string
  coinId: string
  /** How it was found: `contract`, `pairs`, `name-and-price`; those by id need none. */
  method: string
  /** 0 to 1. */
  confidence: number
  /** How many coins make up what the source prices, 1000 for 1000PEPE. */
  multiplier: number
  firstSeenAt: string
  lastSeenAt: string
  /** When and why it was found wrong; null while it holds. */
  dropped: { at: string; reason: string } | null
}

export interface CallLimits {
  /** Calls in any 60 s, at least 1; counted over `CALL_WINDOW_MS`. */
  perMinute: number
  /** Credits in a calendar month (UTC), null if the source sets no such limit. */
  perMonth: number | null
}

export interface BudgetUsage {
  minuteUsed: number
  monthUsed: number
  /** Until when the source asked not to be called, ms since the epoch; null if it did not or the time has passed. */
  blockedUntil: number | null
}

/** Calls made to each source: counted before a call is made, so that a crash can waste a call but never overspend. */
export interface BudgetStore {
  /**
   * Takes one call, of `credits` (1), out of the budget at `now`, or tells when to ask again. Atomic between replicas. A clock set back frees nothing:
   * calls that lie up to 61 s ahead count as they are, those further ahead as made now, so that a wrong clock never blocks for long.
   */
  reserve(
    source: string,
    now: number,
    limits: CallLimits,
    credits?: number,
  ): Promise<{ granted: true } | { granted: false; retryAt: number }>
  /** No call is granted before `until`, at most a day after who asks next; an earlier time than one already set changes nothing. */
  block(source: string, until: number): Promise<void>
  usage(source: string, now: number): Promise<BudgetUsage>
}
