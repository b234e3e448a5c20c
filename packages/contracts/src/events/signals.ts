import type { Static } from '@sinclair/typebox'
import { ScoredCoin } from '../domain/signal.ts'
import { Batch } from './batch.ts'

/** Coins that were scored anew, of one partition; each signal holds what its horizon said before. */
export const Signals = Batch(ScoredCoin)
export type Signals = Static<typeof Signals>
export const signalsSubject = (event: Signals) => `signals.scored.${event.partition}`
