import type { DatabaseSync } from 'node:sqlite'
import type { Quote } from '@crypto-signals/contracts'
import type { QuoteStore } from '../store.ts'
import { batches } from './batches.ts'
import { transaction } from './transaction.ts'

/** Quotes as JSON, except the sparkline, which is most of a quote: eight bytes a point, bit for bit. */
export function quoteStore(db: DatabaseSync): QuoteStore {
  const upsert = db.prepare(UPSERT)
  const one = db.prepare(`SELECT doc, sparkline FROM quotes WHERE coin_id = ?`)
  const page = db.prepare(PAGE)
  const unscoredPage = db.prepare(UNSCORED_PAGE)
  return {
    save: async (quotes) => {
      const rows = quotes.map(rowOf)
      transaction(db, () => rows.forEach((row) => void upsert.run(...row)))
    },
    get: async (coinId) => {
      const row = one.get(coinId) as QuoteRow | undefined
      return row === undefined ? null : quoteOf(row)
    },
    all: (size) => batches(page, size, quoteOf),
    unscored: (size) => batches(unscoredPage, size, quoteOf),
  }
}

const UPSERT = `
  INSERT INTO quotes (coin_id, observed_at, received_at, doc, sparkline) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (coin_id) DO UPDATE SET
    observed_at = excluded.observed_at, received_at = excluded.received_at, doc = excluded.doc, sparkline = excluded.sparkline
  WHERE (excluded.observed_at, excluded.received_at) > (quotes.observed_at, quotes.received_at)`

const PAGE = `SELECT coin_id AS key, doc, sparkline FROM quotes WHERE coin_id > ? ORDER BY coin_id LIMIT ?`

// Looks at `size` quotes, not for `size` quotes: where nearly all are scored, that would read the whole table at one go.
const UNSCORED_PAGE = `
  SELECT key, iif(unscored, doc, NULL) AS doc, iif(unscored, sparkline, NULL) AS sparkline FROM (
    SELECT quotes.coin_id AS key, quotes.doc, quotes.sparkline,
      signals.coin_id IS NULL
        OR (quotes.observed_at, quotes.received_at) > (signals.observed_at, signals.updated_at) AS unscored
    FROM quotes LEFT JOIN signals ON signals.coin_id = quotes.coin_id
    WHERE quotes.coin_id > ? ORDER BY quotes.coin_id LIMIT ?
  )
  ORDER BY key`

type QuoteRow = { doc: string; sparkline: Uint8Array | null }

function rowOf(quote: Quote) {
  // The null keeps the property in its place for when the quote is read.
  const doc = JSON.stringify({ ...quote, sparkline: null })
  return [quote.coinId, quote.observedAt, quote.receivedAt, doc, blobOf(quote.sparkline)] as const
}

function quoteOf({ doc, sparkline }: QuoteRow): Quote {
  return Object.assign(JSON.parse(doc) as Quote, { sparkline: pointsOf(sparkline) })
}

const blobOf = (points: Quote['sparkline']) => (points === null ? null : Float64Array.from(points))

const pointsOf = (blob: Uint8Array | null) =>
  // A copy, as a Float64Array must begin at a multiple of eight bytes.
  blob === null ? null : Array.from(new Float64Array(Uint8Array.from(blob).buffer))
