import { figures } from '../language/shown.ts'

/** A change in percent, coloured by its sign. */
export const Change = ({ percent }: { percent: number | null }) => (
  <span class={toneOf(percent)}>{figures.value.percent(percent)}</span>
)

/** The class that colours a change. */
export function toneOf(percent: number | null): 'faint' | 'up' | 'down' {
  if (percent === null || Math.abs(percent) < 0.05) return 'faint'
  return percent > 0 ? 'up' : 'down'
}
