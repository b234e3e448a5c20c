import type { Static } from '@sinclair/typebox'
import { Quote } from '../domain/quote.ts'
import { Batch } from './batch.ts'

/** The latest observations of some coins, of one partition. */
export const Quotes = Batch(Quote)
export type Quotes = Static<typeof Quotes>
export const quotesSubject = (event: Quotes) => `market.quotes.${event.partition}`
