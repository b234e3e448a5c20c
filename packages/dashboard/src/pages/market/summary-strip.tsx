import './summary-strip.css'
import { useEffect } from 'preact/hooks'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { summary } from '../../market/market.ts'
import { Landscape } from './landscape.tsx'
import { sweep, useReach } from './sweep.ts'

/** The market in a few figures, and the landscape of its scores. */
export function SummaryStrip() {
  const { market } = words.value
  const { whole, amount } = figures.value
  const known = summary.value
  const average = known?.averageScore ?? null
  return (
    <section class="summary" aria-label={market.summary}>
      <div class="summary-figures">
        <h1>{market.title}</h1>
        <p class="summary-lead">{market.lead}</p>
        <dl>
          <Figure name={market.coins} text={whole(known?.coins ?? null)} />
          <Figure name={market.cap} text={amount(known?.marketCapUsd ?? null)} />
          <Figure name={market.average} text={figures.value.score(average)} />
          <Figure name={market.pulse} text={whole(known?.changedLastMinute ?? null)} />
        </dl>
        <Sweep />
      </div>
      <Landscape />
    </section>
  )
}

function Figure({ name, text }: { name: string; text: string }) {
  return (
    <div class="summary-figure">
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  )
}

/** How much of the market the system has been through, until that is nearly all of it. */
function Sweep() {
  const { reach, isOver } = useReach()
  const isListed = reach !== undefined && reach.listed > 0
  useEffect(() => {
    sweep.value = isListed && !isOver ? { scored: reach.scored, listed: reach.listed } : null
  }, [isListed, isOver, reach?.scored, reach?.listed])
  const { market } = words.value
  const { whole } = figures.value
  if (isOver) return null
  // The system has only just started, and knows no more than that.
  if (!isListed)
    return summary.value?.scored === 0 ? (
      <p class="summary-sweep">
        <progress aria-hidden="true" />
        {market.sweepSoon}
      </p>
    ) : null
  return (
    <p class="summary-sweep">
      <progress max={reach.listed} value={reach.scored} aria-hidden="true" />
      {market.sweep(whole(reach.scored), whole(reach.listed))}
    </p>
  )
}
