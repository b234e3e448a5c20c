import type { SourceStatus } from '@crypto-signals/client'
import { ageText } from '../../language/figures.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Age } from '../../pieces/age.tsx'

interface FeedsProps {
  feeds: SourceStatus['feeds']
  title: string
  nowMs: number
}

/** The rounds that a source is asked in: how far the present one is, and when the next begins. */
export function Feeds({ feeds, title, nowMs }: FeedsProps) {
  const { status } = words.value
  const { whole } = figures.value
  return (
    <table class="feeds" aria-label={status.feedsOf(title)}>
      <thead>
        <tr>
          <th scope="col">{status.feed}</th>
          {[status.feedEvery, status.feedDone, status.feedRows, status.answered, status.feedNext].map((name) => (
            <th key={name} scope="col" class="figure">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {feeds.map(({ name, everyMs, callsDone, callsTotal, rowsGood, rowsBad, finishedAt, nextAt }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="figure">{everyMs === 0 ? status.continuous : ageText(words.value, everyMs)}</td>
            <td class="figure">
              {whole(callsDone)} <span class="faint">/ {whole(callsTotal)}</span>
            </td>
            <td class="figure">
              {whole(rowsGood)} <span class={rowsBad > 0 ? 'age-old' : 'faint'}>/ {whole(rowsBad)}</span>
            </td>
            <td class="figure">{finishedAt === null ? <span class="faint">–</span> : <Age at={finishedAt} ago />}</td>
            <td class="figure dim">{nextText(nextAt, nowMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function nextText(nextAt: string | null, nowMs: number): string {
  const { status } = words.value
  if (nextAt === null) return '–'
  const ms = Date.parse(nextAt) - nowMs
  return ms < 1_000 ? status.due : status.within(ageText(words.value, ms))
}
