import type { Observation } from '../observation.ts'
import type { Answer, SourceDefinition, SourceFacts } from '../source.ts'
import { createClient } from './client.ts'
import { createDexRounds, type DexCallsOptions, type TokensAsked } from './dex-calls.ts'
import { described } from './simulated.ts'

export interface DexSpec extends Omit<DexCallsOptions, 'ask' | 'clock'> {
  name: string
  title: string
  site: string
  attribution: string
  url: string
  perMinute: number
  minGapMs: number
  pathOf: (asked: TokensAsked) => string
  read: (body: unknown, asked: TokensAsked, receivedAt: number) => Answer<Observation>
}

/** Who tells prices of tokens by their contracts as a source: it steps in where others leave them to grow old. */
export function dex(spec: DexSpec): SourceDefinition {
  const { name, title, site, attribution, url, perMinute, minGapMs, pathOf, read } = spec
  const facts: SourceFacts = {
    name,
    title,
    kind: 'dex',
    attribution: { text: attribution, url: site },
    terms: 'unknown',
    access: 'open',
    fields: ['price', 'volume'],
    keys: 'contract',
    derivedFrom: null,
  }
  return {
    facts,
    defaults: { url, limits: () => ({ perMinute, perMonth: null, minGapMs }) },
    usable: () => true,
    open(settings, tools) {
      const client = createClient({ settings, tools })
      const ask = async (asked: TokensAsked, signal: AbortSignal) => {
        const { body, receivedAt } = await client.json(pathOf(asked), signal)
        return read(body, asked, receivedAt)
      }
      return {
        ...described(facts, settings, minGapMs),
        feeds: [
          {
            kind: 'poll',
            name: 'stalest',
            bestEveryMs: 60_000,
            share: 0.9,
            urgent: false,
            resumable: false,
            round: createDexRounds({ ...spec, clock: tools.clock, ask }),
          },
        ],
        ping: (signal) => client.ping(pathOf(KNOWN_TOKEN), signal),
        close: () => client.close(),
      }
    },
  }
}

/** Wrapped ether: always there to be asked about. */
const KNOWN_TOKEN = { platform: 'ethereum', addresses: ['0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'] }
