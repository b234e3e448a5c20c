import type { Clock } from '@crypto-signals/clock'
import type { ListedCoin } from '@crypto-signals/store'
import type { Observation } from '../src/observation.ts'
import type { Answer, Feed, MarketSource, PollFeed, SourceCall } from '../src/source.ts'

/** A source that answers at once with nothing, and remembers when it was asked for what. */
export interface FakeSource extends MarketSource {
  /** `<what> <seconds since the start>`, in order. */
  readonly asked: string[]
  /** What calls do besides being remembered, by what is asked; may throw. */
  does: (what: string, signal: AbortSignal) => unknown
}

export interface FakeSourceOptions extends Partial<Omit<MarketSource, 'facts' | 'feeds'>> {
  name: string
  clock: Clock
  kind?: MarketSource['facts']['kind']
  listedAs?: string
  /** Polled feeds with how many calls their rounds have. */
  polls?: readonly (Partial<PollFeed> & { name: string; calls?: number; credits?: number })[]
  feeds?: readonly Feed[]
}

export function fakeSource(options: FakeSourceOptions): FakeSource {
  const { name, clock, kind = 'aggregator', listedAs, polls = [], feeds = [], ...rest } = options
  const start = clock.now()
  const ask = async <T>(what: string, signal: AbortSignal): Promise<Answer<T>> => {
    source.asked.push(`${what} ${(clock.now() - start) / 1000}`)
    await source.does(what, signal)
    return { receivedAt: clock.now(), rows: [], faults: [], repeated: 0 }
  }
  const callOf = (feed: string, label: string, credits: number): SourceCall => ({
    label,
    credits,
    target: { all: true },
    ask: (signal) => ask<Observation>(`${feed}:${label}`, signal),
  })
  const source: FakeSource = {
    facts: {
      name,
      title: name,
      kind,
      attribution: { text: `Data by ${name}`, url: `https://${name}.test` },
      terms: 'unknown',
      access: 'open',
      fields: ['price'],
      keys: 'own-id',
      derivedFrom: null,
      ...(listedAs && { listedAs }),
    },
    limits: { perMinute: 60, perMonth: null, minGapMs: 0 },
    simulated: false,
    ping: async () => null,
    close: async () => undefined,
    ...rest,
    feeds: [...polls.map((poll) => pollFeed(poll, callOf)), ...feeds],
    asked: [],
    does: () => undefined,
  }
  return source
}

function pollFeed(
  { calls = 1, credits = 1, ...feed }: NonNullable<FakeSourceOptions['polls']>[number],
  callOf: (feed: string, label: string, credits: number) => SourceCall,
): PollFeed {
  return {
    kind: 'poll',
    bestEveryMs: 60_000,
    share: 0.9,
    urgent: false,
    resumable: false,
    round: () => Array.from({ length: calls }, (_, index) => callOf(feed.name, String(index), credits)),
    ...feed,
  }
}

/** A base source: it lists coins, as many as it is told. */
export function fakeBase({ coins, ...options }: FakeSourceOptions & { coins: number }): FakeSource {
  const source = fakeSource(options)
  const start = options.clock.now()
  return Object.assign(source, {
    async listCoins(signal: AbortSignal) {
      source.asked.push(`list ${(options.clock.now() - start) / 1000}`)
      await source.does('list', signal)
      return { receivedAt: options.clock.now(), rows: listOf(coins), faults: [], repeated: 0 }
    },
  })
}

const listOf = (count: number): ListedCoin[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `coin-${String(index).padStart(5, '0')}`,
    symbol: 'c',
    name: 'Coin',
    platforms: {},
  }))
