/**
 * How long a call counts. The source counts it when it arrives, up to a second after we did: with exactly 60 s, one that
 * arrives late and one that arrives at once could lie in the same minute of the source.
 */
export const CALL_WINDOW_MS = 61_000

/** No source is left alone for longer: a block from further ahead was written by a wrong clock. */
export const LONGEST_BLOCK_MS = 86_400_000
