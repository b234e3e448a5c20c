import type { Health } from '@crypto-signals/client'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import type { ServiceState } from './readiness.ts'
import { reasonText } from './reasons.ts'

/** What keeps the data and carries the events. */
export function Engines({ health }: { health: Health }) {
  const { status } = words.value
  return (
    <ul class="status-list">
      {(['database', 'redis', 'bus'] as const).map((engine) => {
        const { status: state, adapter, latencyMs } = health[engine]
        return (
          <li key={engine}>
            <Light tone={state} />
            <span class="status-name">{status.engineNames[engine]}</span>
            <span class="dim">{adapter}</span>
            <span class="status-end" data-tone={state}>
              {latencyMs === null ? status.engineStates[state] : status.ms(figures.value.latency(latencyMs))}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** The services, and what each holds. */
export function Services({ services }: { services: Record<string, ServiceState> }) {
  const { status } = words.value
  return (
    <ul class="status-list status-services">
      {Object.entries(services).map(([name, { ready, reasons, counts }]) => (
        <li key={name}>
          <Light tone={!ready ? 'ERROR' : reasons.length > 0 ? 'WARNING' : 'OK'} />
          <span class="status-name">{name}</span>
          <span class="dim">{reasons.map((reason) => reasonText(reason, words.value)).join('; ')}</span>
          <span class="status-end" data-tone={ready ? 'OK' : 'ERROR'}>
            {ready ? countsText(counts) || status.serviceReady : status.serviceNotReady}
          </span>
        </li>
      ))}
    </ul>
  )
}

function countsText(counts: Record<string, number>): string {
  const { counts: names } = words.value.status
  return Object.entries(counts)
    .filter(([name]) => name in names && name !== 'leader')
    .map(([name, count]) => names[name]?.(figures.value.whole(count)))
    .join(' · ')
}

/** A state as a coloured dot; beside it stands the word. */
export function Light({ tone }: { tone: string }) {
  return <span class="status-light" data-tone={tone} aria-hidden="true" />
}
