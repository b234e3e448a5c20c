import { toneOf } from './change.tsx'

/**
 * The course of a price as a line, `points` are 0 to 100, oldest first. Its colour is that of the change that is told beside it, percent;
 * where none is known it goes by its ends.
 */
export function Shape({
  points,
  changed,
  width = 88,
  height = 26,
}: {
  points: readonly number[] | null
  changed: number | null
  width?: number
  height?: number
}) {
  if (points === null || points.length < 2) return <span class="faint">–</span>
  const step = width / (points.length - 1)
  const y = (point: number) => 1.5 + ((100 - point) / 100) * (height - 3)
  const path = points
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${y(point).toFixed(1)}`)
    .join('')
  const tone = toneOf(changed ?? (points.at(-1) as number) - (points[0] as number))
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} class={tone} aria-hidden="true">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  )
}
