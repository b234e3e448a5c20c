import type { Logger } from 'pino'
import { chunksOf } from './chunks.ts'
import { planOf } from './plan.ts'
import type { Job } from './scheduler.ts'
import type { WatchOptions, WatchTools } from './watch-tools.ts'

/** What is done for a source and when: looks at the largest coins, and sweeps, one of which may have been broken off. */
export function jobsOf(tools: WatchTools, { source, ports, config }: WatchOptions, log: Logger): Job[] {
  const { universe, history, sweep, top, status } = tools
  const plan = () => {
    const ids = (universe.known()?.coins ?? []).map(({ id }) => id)
    return planOf({ ...config, limits: source.limits, chunks: chunksOf(ids).length })
  }
  const sweepIntervalMs = () => plan().sweepIntervalMs
  const topIntervalMs = () => plan().topIntervalMs

  const now = ports.clock.now()
  const sweepAt = universe.known() === null ? now : Math.max(now, history.nextSweepAt(sweepIntervalMs()))
  let looked = sweepAt > now

  const runSweep = async (signal: AbortSignal) => {
    if (!looked) await firstLook(tools, log, signal)
    looked = true
    await sweep(await universe.current(signal), sweepIntervalMs(), signal)
  }
  return [
    { name: 'top', run: top, firstAt: looked ? now : now + topIntervalMs(), intervalMs: topIntervalMs },
    {
      name: 'sweep',
      run: runSweep,
      firstAt: sweepAt,
      intervalMs: sweepIntervalMs,
      planned: (at) => status.nextSweep(at),
    },
  ]
}

/** The list and the largest coins come before the first sweep, so that there is something to see within seconds. */
async function firstLook({ universe, top }: WatchTools, log: Logger, signal: AbortSignal): Promise<void> {
  for (const look of [() => universe.current(signal), () => top(signal)]) {
    try {
      await look()
    } catch (err) {
      if (signal.aborted) throw err
      log.warn({ err }, `first look failed: ${(err as Error).message}`)
    }
  }
}
