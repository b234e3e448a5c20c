/** The calendar month (UTC) that a moment lies in: when it begins, and when the next does. Budgets are by month. */
export function monthOf(now: number): { startMs: number; endMs: number } {
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
}
