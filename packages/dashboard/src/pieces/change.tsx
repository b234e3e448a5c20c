import { figures } from '../language/shown.ts'

/** A change in percent, coloured by its sign. */
export function Change({ percent }: { percent: number | null }) {
  const tone = percent === null || Math.abs(percent) < 0.05 ? 'faint' : percent > 0 ? 'up' : 'down'
  return <span class={tone}>{figures.value.percent(percent)}</span>
}
