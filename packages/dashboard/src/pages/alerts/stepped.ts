/** The place that an arrow key leads to in a list of `count`: from no place to its first or last, and round at its ends. */
export function stepped(at: number | null, step: number, count: number): number {
  if (at === null) return step > 0 ? 0 : count - 1
  return (at + step + count) % count
}
