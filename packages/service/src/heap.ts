import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Keeps the process small. What lives long in the heap is little beside what a sweep of the market leaves behind, so V8's own
 * choice, to let the heap double before it looks for garbage, triples it; and without traffic nothing makes V8 give memory
 * back. So the heap grows in small steps, and when it has grown well beyond what the last collection left, one is made. Measured
 * with the whole market in memory: 270 MB of RSS at rest instead of 480 with `growingPercent` 20.
 */
export function keepHeapSmall(growingPercent: number): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`)
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let leftBytes = 0
  setInterval(() => {
    if (process.memoryUsage().heapTotal < leftBytes * GROWN) return
    collect()
    leftBytes = process.memoryUsage().heapTotal
  }, LOOK_EVERY_MS).unref()
}

const GROWN = 1.5
const LOOK_EVERY_MS = 10_000
