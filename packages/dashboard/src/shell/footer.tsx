import './footer.css'
import { api } from '../api.ts'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'
import { source } from '../market/market.ts'
import { useLoaded } from '../pieces/loaded.tsx'
import { PATHS } from '../routing/route.ts'
import { creditsOf } from './credits.ts'

const EVERY_MS = 5 * 60_000

/** What must stand on every screen: that this is no advice, and whose data they are. */
export function Footer() {
  const { shell, status } = words.value
  // The market's kind changes when another server answers: then its sources are others too.
  const ask = source.value === null ? null : () => api.sources()
  const { data } = useLoaded({ key: `credits ${source.value}`, ask, everyMs: EVERY_MS })
  const { named, exchanges } = creditsOf(data?.data ?? [])
  return (
    <footer class="bottom">
      <p>{shell.disclaimer}</p>
      {named.length + exchanges > 0 && (
        <p class="bottom-credits">
          <span>{shell.sources}</span>
          {named.map(({ title, url, text }) => (
            <a key={title} href={url} title={text} target="_blank" rel="noopener noreferrer">
              {title}
            </a>
          ))}
          {exchanges > 0 && <a href={PATHS.status}>{status.moreExchanges(figures.value.whole(exchanges))}</a>}
        </p>
      )}
    </footer>
  )
}
