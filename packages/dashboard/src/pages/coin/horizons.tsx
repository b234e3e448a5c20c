import './horizons.css'
import type { Signal } from '@crypto-signals/client'
import { reasonIn } from '../../language/reasons.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { TIMEFRAMES } from '../../market/protocol.ts'
import { Age } from '../../pieces/age.tsx'
import { Score } from '../../pieces/score.tsx'
import { horizon, language } from '../../preferences.ts'
import type { Signals } from './detail.ts'

/** What each of the four horizons says, and why. */
export function Horizons({ signals }: { signals: Signals }) {
  const { coin } = words.value
  return (
    <section aria-labelledby="horizons">
      <h2 id="horizons" class="horizons-title">
        {coin.horizons}
      </h2>
      <div class="horizons">
        {TIMEFRAMES.map((timeframe) => (
          <HorizonCard key={timeframe} signal={signals.timeframes[timeframe]} />
        ))}
      </div>
    </section>
  )
}

function HorizonCard({ signal }: { signal: Signal }) {
  const { coin, timeframes, actions, unsure } = words.value
  const { score, share } = figures.value
  const { timeframe, insufficientData, recommendation } = signal
  return (
    <section
      class="horizon"
      aria-labelledby={`horizon-${timeframe}`}
      data-action={insufficientData ? 'NONE' : recommendation.action}
      data-chosen={timeframe === horizon.value}
    >
      <h3 id={`horizon-${timeframe}`}>{timeframes[timeframe]}</h3>
      <p class="horizon-verdict">
        <span class="horizon-score">{insufficientData ? '–' : score(signal.finalScore)}</span>
        <span class="horizon-word">
          <strong>{insufficientData ? unsure : actions[recommendation.action]}</strong>
          <span class="small dim">
            {insufficientData
              ? coin.coverage(share(signal.coverage))
              : coin.confidence(share(recommendation.confidence))}
          </span>
        </span>
      </p>
      <Gauge score={insufficientData ? null : signal.finalScore} />
      {insufficientData && <p class="horizon-unsure">{coin.unsureWhy}</p>}
      <ul class="horizon-parts">
        {signal.breakdown.map((part) => (
          <Part key={part.component} part={part} isSure={!insufficientData} />
        ))}
      </ul>
      {!insufficientData && <Previous signal={signal} />}
    </section>
  )
}

/** The place of a score among the five recommendations. */
function Gauge({ score }: { score: number | null }) {
  return (
    <div class="gauge" aria-hidden="true">
      {(['STRONG_SELL', 'SELL', 'HOLD', 'BUY', 'STRONG_BUY'] as const).map((action) => (
        <span key={action} data-action={action} />
      ))}
      {score !== null && <i style={{ left: `${score}%` }} />}
    </div>
  )
}

function Part({ part, isSure }: { part: Signal['breakdown'][number]; isSure: boolean }) {
  const { coin } = words.value
  const { score, share, points, amount } = figures.value
  const lean = part.score - 50
  // A part of which nothing is known has no weight.
  const counts = isSure && part.weight > 0
  return (
    <li>
      <p class="part-head">
        <span>{coin.components[part.component]}</span>
        <span class="faint" title={coin.weight(share(part.weight))}>
          {share(part.weight)}
        </span>
        {counts && <strong>{coin.points(points(part.contribution))}</strong>}
      </p>
      {counts && (
        <div class="part-track" role="img" aria-label={coin.leaning(score(part.score))}>
          <span
            data-lean={lean < 0 ? 'down' : 'up'}
            style={{ left: `${Math.min(part.score, 50)}%`, width: `${Math.abs(lean)}%` }}
          />
        </div>
      )}
      <p class="part-why">{reasonIn(language.value, part.why, amount)}</p>
    </li>
  )
}

function Previous({ signal: { previous } }: { signal: Signal }) {
  const { coin } = words.value
  return (
    <p class="horizon-before small">
      {previous === null ? (
        <span class="faint">{coin.noPrevious}</span>
      ) : (
        <>
          <span class="faint">{coin.previous}</span>
          <Score finalScore={previous.finalScore} action={previous.action} as="full" />
          <Age at={previous.at} ago />
        </>
      )}
    </p>
  )
}
