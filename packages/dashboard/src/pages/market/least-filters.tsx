import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { choice, choose } from './view.ts'
import { RANKS, VOLUMES_USD } from './view-query.ts'

/** The least that a coin must be: small ones are easily scored high, and hard to sell. */
export function LeastFilters() {
  const { market } = words.value
  const { whole, amount } = figures.value
  const { maxRank, minVolumeUsd } = choice.value
  return (
    <div class="filters-least">
      <Steps
        label={market.byRank}
        any={market.anyRank}
        steps={RANKS}
        value={maxRank}
        text={(rank) => market.upToRank(whole(rank))}
        choose={(rank) => choose({ maxRank: rank })}
      />
      <Steps
        label={market.byVolume}
        any={market.anyVolume}
        steps={VOLUMES_USD}
        value={minVolumeUsd}
        text={(volume) => market.fromVolume(amount(volume))}
        choose={(volume) => choose({ minVolumeUsd: volume })}
      />
    </div>
  )
}

interface StepsProps {
  label: string
  any: string
  steps: readonly number[]
  value: number | null
  text: (step: number) => string
  choose: (step: number | null) => void
}

const Steps = ({ label, any, steps, value, text, choose }: StepsProps) => (
  <select
    class="field"
    aria-label={label}
    data-chosen={value !== null}
    value={value ?? ''}
    onChange={({ currentTarget }) => choose(currentTarget.value === '' ? null : Number(currentTarget.value))}
  >
    <option value="">{any}</option>
    {steps.map((step) => (
      <option key={step} value={step}>
        {text(step)}
      </option>
    ))}
  </select>
)
