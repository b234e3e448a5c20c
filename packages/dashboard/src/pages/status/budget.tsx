import type { SourceStatus } from '@crypto-signals/client'
import type { ComponentChildren } from 'preact'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'

type Budget = SourceStatus['budget']

/** What a source may still be asked within the minute. */
export function MinuteBudget({ budget: { perMinute, minuteLeft } }: { budget: Budget }) {
  return <Bar left={minuteLeft} all={perMinute} />
}

/** What a source may still be asked within the month, and whether that lasts. */
export function MonthBudget({ budget: { perMonth, monthLeft, exhaustsAt } }: { budget: Budget }) {
  const { status } = words.value
  if (perMonth === null || monthLeft === null) return <span class="faint">{status.unlimited}</span>
  return (
    <Bar left={monthLeft} all={perMonth}>
      {exhaustsAt === null ? (
        <span class="faint">{status.lasts}</span>
      ) : (
        <span class="age-old">{status.exhausts(figures.value.day(Date.parse(exhaustsAt)))}</span>
      )}
    </Bar>
  )
}

// Below this share of the whole there is little left.
const LITTLE = 0.15

function Bar({ left, all, children }: { left: number; all: number; children?: ComponentChildren }) {
  const { status } = words.value
  const { whole } = figures.value
  const share = all === 0 ? 0 : Math.min(1, left / all)
  return (
    <div class="budget" data-little={share < LITTLE}>
      <span class="budget-text">
        {whole(left)} <span class="faint">/ {whole(all)}</span>
      </span>
      <span class="budget-track" role="img" aria-label={status.left(whole(left), whole(all))}>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {children !== undefined && <span class="budget-note">{children}</span>}
    </div>
  )
}
