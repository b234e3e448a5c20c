import type { Health } from '@crypto-signals/client'
import { ageText } from '../../language/figures.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { Age } from '../../pieces/age.tsx'
import { reasonText } from './reasons.ts'

const MB = 1e6

/** How the system is, in one word, why, and in a few figures; `isGone`: it answers no more, and this is how it was. */
export function Verdict({ health, isGone }: { health: Health; isGone: boolean }) {
  const { status } = words.value
  const { whole } = figures.value
  const { metrics, memory, uptime, version, reasons, timestamp } = health
  return (
    <section class="panel verdict" data-status={isGone ? 'GONE' : health.status} aria-labelledby="verdict">
      <div class="verdict-word">
        <span class="verdict-light" aria-hidden="true" />
        <div>
          <h2 id="verdict">{isGone ? status.gone : status.verdicts[health.status]}</h2>
          <p class="dim">{isGone ? status.goneWhy : status.verdictWhy[health.status]}</p>
          <p class="faint small">
            {status.checked} <Age at={timestamp} ago />
          </p>
        </div>
      </div>
      <dl class="verdict-figures">
        <Figure name={status.coins} value={whole(metrics.coins)} />
        <Figure name={status.signals} value={whole(metrics.signals)} />
        <Figure name={status.alerts} value={whole(metrics.alerts)} />
        <Figure name={status.uptime} value={ageText(words.value, uptime * 1_000)} />
        <Figure name={status.memory} value={`${whole(memory.rssBytes / MB)} MB`} />
        <Figure name={status.version} value={version} />
      </dl>
      {reasons.length > 0 && (
        <ul class="verdict-reasons" aria-label={status.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>{reasonText(reason, words.value)}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
