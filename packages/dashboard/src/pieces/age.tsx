import { signal } from '@preact/signals'
import { ageText } from '../language/figures.ts'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'

/** The present, ms since the epoch, once a second while the page is seen. */
export const now = signal(Date.now())

setInterval(() => {
  if (!document.hidden) now.value = Date.now()
}, 1_000)
document.addEventListener('visibilitychange', () => {
  now.value = Date.now()
})

const FRESH_MS = 60_000
const OLD_MS = 8 * 3_600_000

/** How old an observation is, counting on; what is over 8 hours old is marked. */
export function Age({ at, ago = false }: { at: string | number; ago?: boolean }) {
  const atMs = typeof at === 'number' ? at : Date.parse(at)
  const ageMs = Math.max(0, now.value - atMs)
  const text = ageText(words.value, ageMs)
  const tone = ageMs <= FRESH_MS ? 'dim' : ageMs <= OLD_MS ? 'faint' : 'age-old'
  return (
    <time class={tone} dateTime={new Date(atMs).toISOString()} title={figures.value.dateTime(atMs)}>
      {ago && ageMs >= 1_000 ? words.value.age.ago(text) : text}
    </time>
  )
}
