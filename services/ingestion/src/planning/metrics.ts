import type { Counter, Gauge } from 'prom-client'

/** What is counted as it happens. */
export interface IngestionMetrics {
  calls: Counter<'source' | 'outcome'>
  rows: Counter<'source' | 'result'>
  badRows: Counter<'source' | 'reason'>
  failedChunks: Counter<'source'>
  sweepChunks: Gauge<'source' | 'state'>
}
