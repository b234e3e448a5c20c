import { instantOf } from '@crypto-signals/clock'
import type { MarketIndex } from '@crypto-signals/contracts'
import type { IndexFeed, SourceDefinition, SourceFacts } from '../source.ts'
import { SourceError } from '../source-error.ts'
import { createClient } from './client.ts'
import { fieldOf, listIn, numberOf, observedAtOf, secondsOf } from './reading.ts'
import { described } from './simulated.ts'
import { textOf } from './text.ts'

const FACTS: SourceFacts = {
  name: 'alternative-me',
  title: 'Alternative.me',
  kind: 'index',
  attribution: {
    text: 'Crypto Fear & Greed Index by Alternative.me',
    url: 'https://alternative.me/crypto/fear-and-greed-index/',
  },
  terms: 'with its name beside the figure',
  access: 'open',
  fields: [],
  keys: 'none',
  derivedFrom: null,
}

const FNG = '/fng/?limit=1'
// It changes once a day, at midnight UTC.
const BEST_EVERY_MS = 6 * 3_600_000

/** Alternative.me: the Fear & Greed index of the whole market, new each day. */
export const alternativeMe: SourceDefinition = {
  facts: FACTS,
  defaults: {
    url: 'https://api.alternative.me',
    limits: () => ({ perMinute: 60, perMonth: null, minGapMs: 0 }),
  },
  usable: () => true,
  open(settings, tools) {
    const client = createClient({ settings, tools })
    const about = described(FACTS, settings)
    const fearGreed: IndexFeed = {
      kind: 'index',
      name: 'fear-greed',
      bestEveryMs: BEST_EVERY_MS,
      async ask(signal) {
        const { body, receivedAt } = await client.json(FNG, signal)
        return readFearGreed(body, about.facts.name, receivedAt)
      },
    }
    return {
      ...about,
      feeds: [fearGreed],
      ping: (signal) => client.ping(FNG, signal),
      close: () => client.close(),
    }
  },
}

/** The newest value that an answer of /fng/ tells; a SourceError if it tells none. */
export function readFearGreed(body: unknown, source: string, receivedAt: number): MarketIndex {
  const error = textOf(fieldOf(fieldOf(body, 'metadata'), 'error'), 1_000)
  if (error !== null) throw new SourceError({ kind: 'failed', message: error }, FNG)
  const [newest] = listIn(fieldOf(body, 'data'), FNG)
  const value = numberOf(fieldOf(newest, 'value'), 0, 100)
  if (value === null) throw new SourceError({ kind: 'failed', message: 'the answer has no value from 0 to 100' }, FNG)
  const label = textOf(fieldOf(newest, 'value_classification'), 64) ?? ''
  const observedAt = instantOf(observedAtOf(secondsOf(fieldOf(newest, 'timestamp')), receivedAt))
  return { index: 'fear-greed', value, label, source, observedAt }
}
