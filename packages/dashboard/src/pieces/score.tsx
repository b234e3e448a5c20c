import './score.css'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'
import type { Action } from '../market/protocol.ts'

interface ScoreProps {
  finalScore: number
  action: Action
  insufficientData?: boolean
  /** `chip` is the figure on its colour; `bar` adds the place between 0 and 100; `full` also the word. */
  as?: 'chip' | 'bar' | 'full'
}

/** A score in the colour of what it recommends. Where too little is known it says so, and shows no opinion. */
export function Score({ finalScore, action, insufficientData = false, as = 'chip' }: ScoreProps) {
  const { actions, unsure } = words.value
  const word = insufficientData ? unsure : actions[action]
  const figure = insufficientData ? '–' : figures.value.score(finalScore)
  const tone = insufficientData ? 'NONE' : action
  // One element: a table has hundreds of them.
  if (as === 'chip')
    return (
      <span class="score score-chip" data-action={tone} role="img" aria-label={`${figure}, ${word}`} title={word}>
        {figure}
      </span>
    )
  return (
    <span class={`score score-${as}`} data-action={tone} title={word}>
      <span class="score-figure">{figure}</span>
      <span class="score-track" aria-hidden="true">
        <span class="score-fill" style={{ width: `${insufficientData ? 0 : finalScore}%` }} />
      </span>
      {as === 'full' ? <span class="score-word">{word}</span> : <span class="unseen">{word}</span>}
    </span>
  )
}
