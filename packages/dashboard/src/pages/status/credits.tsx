import type { SourceStatus } from '@crypto-signals/client'
import { words } from '../../language/words.ts'
import { isWeb } from '../../shell/credits.ts'
import { termsText } from './terms.ts'

/** Whose data they are, in the sources' own words, and on what terms. */
export function Credits({ sources }: { sources: readonly SourceStatus[] }) {
  const { status } = words.value
  const isSimulated = sources.some(({ simulated }) => simulated)
  return (
    <>
      {isSimulated && <p class="credits-simulated">{status.simulated}</p>}
      <ul class="credits">
        {sources.map(({ name, title, attribution, terms, access }) => (
          <li key={name}>
            {isWeb(attribution.url) ? (
              <a href={attribution.url} target="_blank" rel="noopener noreferrer">
                {title}
              </a>
            ) : (
              <span>{title}</span>
            )}
            {!isSimulated && <span class="dim small">{attribution.text}</span>}
            <span class="faint small">{termsText(access, terms, words.value)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
