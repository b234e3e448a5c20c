const SPAN_MS = 60_000
const STEP_MS = 1_000

/** Counts what changes, and tells how much did within the last minute; null until it has counted for one. It remembers one figure a second. */
export function createChangeCount(now: () => number) {
  let since: number | null = null
  let steps: { at: number; count: number }[] = []
  const forget = () => {
    const oldest = now() - SPAN_MS
    steps = steps.filter(({ at }) => at > oldest)
  }
  return {
    add(count: number): void {
      since ??= now()
      forget()
      const last = steps.at(-1)
      if (last !== undefined && now() - last.at < STEP_MS) last.count += count
      else steps.push({ at: now(), count })
    },
    lastMinute(): number | null {
      since ??= now()
      forget()
      return now() - since < SPAN_MS ? null : steps.reduce((sum, { count }) => sum + count, 0)
    },
  }
}
