import './star.css'
import { words } from '../language/words.ts'
import { starred, toggleStar } from '../preferences.ts'

/** Puts a coin on the reader's own list, or takes it off. */
export function Star({ coinId, name, tabIndex = 0 }: { coinId: string; name: string; tabIndex?: number }) {
  return (
    <button
      type="button"
      class="star"
      tabIndex={tabIndex}
      aria-pressed={starred.value.has(coinId)}
      aria-label={words.value.market.star(name)}
      onClick={() => toggleStar(coinId)}
    >
      <StarShape />
    </button>
  )
}

export const StarShape = () => (
  <svg viewBox="0 0 20 20" width="15" height="15" aria-hidden="true">
    <path d="m10 2.6 2.3 4.7 5.1.7-3.7 3.6.9 5.1L10 14.3l-4.6 2.4.9-5.1L2.6 8l5.1-.7z" />
  </svg>
)
