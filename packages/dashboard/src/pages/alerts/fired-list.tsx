import './fired-list.css'
import type { TriggeredAlert } from '@crypto-signals/client'
import { conditionText } from '../../alerts/condition.ts'
import { news } from '../../alerts/news.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Age } from '../../pieces/age.tsx'
import { Notice } from '../../pieces/panel.tsx'
import { CoinCell } from './coin-cell.tsx'

/** What fired, with the one observation that set it off; marked where it came while the page was open. */
export function FiredList({ firings }: { firings: readonly TriggeredAlert[] }) {
  const { alerts } = words.value
  const fresh = new Set(news.value.map(({ triggerId }) => triggerId))
  if (firings.length === 0)
    return (
      <Notice title={alerts.firedNone}>
        <p>{alerts.firedNoneWhy}</p>
      </Notice>
    )
  return (
    <table class="fired-list">
      <thead>
        <tr>
          <th scope="col">{alerts.firedWhen}</th>
          <th scope="col">{alerts.listCoin}</th>
          <th scope="col">{alerts.listCondition}</th>
          <th scope="col" class="figure">
            {alerts.evidencePrice}
          </th>
          <th scope="col" class="figure">
            {alerts.evidenceScore}
          </th>
        </tr>
      </thead>
      <tbody>
        {firings.map((firing) => (
          <Firing key={firing.triggerId} firing={firing} isFresh={fresh.has(firing.triggerId)} />
        ))}
      </tbody>
    </table>
  )
}

function Firing({ firing, isFresh }: { firing: TriggeredAlert; isFresh: boolean }) {
  const { alerts } = words.value
  const { coinId, triggeredAt, evidence } = firing
  const { price, score, time } = figures.value
  return (
    <tr data-fresh={isFresh}>
      <td class="fired-list-when">
        <Age at={triggeredAt} ago />
        {isFresh && <span class="fired-list-new">{alerts.isNew}</span>}
      </td>
      <th scope="row">
        <CoinCell coinId={coinId} />
      </th>
      <td class="fired-list-condition">{conditionText(firing, words.value, figures.value)}</td>
      <td class="figure" data-label={alerts.evidencePrice}>
        {price(evidence.price)}
        <span class="faint small" title={figures.value.dateTime(Date.parse(evidence.observedAt))}>
          {alerts.seen(time(Date.parse(evidence.observedAt)))}
        </span>
      </td>
      <td class="figure" data-label={alerts.evidenceScore}>
        {score(evidence.score)}
      </td>
    </tr>
  )
}
