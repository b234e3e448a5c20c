import { type Static, Type } from '@sinclair/typebox'
import { TriggeredAlert } from '../domain/alert.ts'
import { MarketRow } from '../domain/market-row.ts'
import { CoinId, Instant, OneOf } from '../domain/scalars.ts'
import { Meta } from './envelope.ts'
import { ACTION_FILTERS } from './signals.ts'

/** How many coins a filter names at most. */
export const MAX_FILTER_COINS = 100

const DataVersion = Type.String({ minLength: 1, maxLength: 40, pattern: '^[0-9a-z]+-[0-9a-z]+$' })

const listOf = (words: readonly string[]) => `^(${words.join('|')})(,(${words.join('|')})){0,${words.length - 1}}$`

/** Which coins are meant: those that all of it holds for. Without any, all. */
const ROW_FILTER = {
  coins: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4_000,
      pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      description: `Comma list of at most ${MAX_FILTER_COINS} coin ids`,
    }),
  ),
  timeframe: Type.Optional(
    OneOf(['SCALPING', 'DAY_TRADING', 'SWING_TRADING', 'LONG_TERM'], {
      description: 'The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h',
    }),
  ),
  actions: Type.Optional(
    Type.String({
      maxLength: 80,
      pattern: listOf(ACTION_FILTERS),
      description: `Comma list of ${ACTION_FILTERS.join(', ')}: coins for which the horizon says one of these`,
    }),
  ),
  min_change: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      description: "Percent, up or down: coins whose price changed by at least as much over the horizon's span",
    }),
  ),
}

export const ExportQuery = Type.Object(
  {
    ...ROW_FILTER,
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        description: 'Only the first so many by rank: something to show while the rest is loaded',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ExportQuery = Static<typeof ExportQuery>

/** What an export says of itself, beside its rows: the version of the data, which a delta or a stream goes on from, and the origin. */
export const EXPORT_HEADERS = { version: 'x-data-version', source: 'x-market-source' } as const

export const DeltaQuery = Type.Object(
  { ...ROW_FILTER, since: Type.Unsafe<string>({ ...DataVersion, description: 'The version that the caller holds' }) },
  { additionalProperties: false },
)
export type DeltaQuery = Static<typeof DeltaQuery>

const left = Type.Array(CoinId, {
  description: 'Coins that changed and that the filter does not hold for now: whoever holds one drops it',
})

/** What changed from `since` to `meta.version`: rows replace what the caller holds, each as it is now. */
export const Delta = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Array(MarketRow),
    left,
    count: Type.Integer({ minimum: 0 }),
    meta: Meta,
  },
  { additionalProperties: false },
)
export type Delta = Static<typeof Delta>

export const StreamQuery = Type.Object(
  {
    ...ROW_FILTER,
    since: Type.Optional(
      Type.Unsafe<string>({
        ...DataVersion,
        description: 'The version to go on from; the header Last-Event-ID, which browsers send, counts more',
      }),
    ),
    snapshot: OneOf(['true', 'false'], {
      default: 'false',
      description: 'true: begin with all coins as they are, unless a version to go on from is given and known',
    }),
  },
  { additionalProperties: false },
)
export type StreamQuery = Static<typeof StreamQuery>

/** The first message of every stream. Its version is where the stream goes on from: the caller's own, or that of now. */
export const HelloMessage = Type.Object(
  { version: Type.String(), source: OneOf(['live', 'simulated']), at: Instant },
  { additionalProperties: false },
)

/** Forget all rows: what changed since the caller's version cannot be told any more. All rows that fit follow. */
export const ResetMessage = Type.Object(
  { reason: OneOf(['snapshot', 'unknown-version']), at: Instant },
  { additionalProperties: false },
)

/**
 * Rows replace what the caller holds, `left` are to be dropped. While `more` is true the rest of the same step follows, and the
 * message has no id; the last one's id is `version`, and after it the caller holds what the server held at that version.
 */
export const ChangesMessage = Type.Object(
  { version: Type.String(), at: Instant, rows: Type.Array(MarketRow), left, more: Type.Boolean() },
  { additionalProperties: false },
)
export type ChangesMessage = Static<typeof ChangesMessage>

/** The messages of a stream by name: the `event` of SSE, and of the `{event, id?, data}` that a WebSocket frame holds. */
export const STREAM_MESSAGES = {
  hello: HelloMessage,
  reset: ResetMessage,
  changes: ChangesMessage,
  alert: TriggeredAlert,
} as const
export type StreamEventName = keyof typeof STREAM_MESSAGES

/** One message of a stream, as a WebSocket frame holds it. */
export type StreamMessage = {
  [N in StreamEventName]: { event: N; id?: string; data: Static<(typeof STREAM_MESSAGES)[N]> }
}[StreamEventName]

/** The most rows one message carries. */
export const MAX_MESSAGE_ROWS = 250
