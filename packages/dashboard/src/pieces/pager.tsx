import './pager.css'
import { figures } from '../language/shown.ts'
import { words } from '../language/words.ts'

interface PagerProps {
  page: number
  pages: number
  go: (page: number) => void
  /** Of what these are pages. */
  label: string
}

/** From one page of a list to the next. Nothing where there is one alone. */
export function Pager({ page, pages, go, label }: PagerProps) {
  const { alerts } = words.value
  if (pages <= 1) return null
  const { whole } = figures.value
  return (
    <nav class="pager" aria-label={`${label}: ${alerts.pages}`}>
      <button type="button" class="button" disabled={page <= 1} onClick={() => go(page - 1)}>
        {alerts.previous}
      </button>
      <span class="dim">{alerts.pageOf(whole(page), whole(pages))}</span>
      <button type="button" class="button" disabled={page >= pages} onClick={() => go(page + 1)}>
        {alerts.next}
      </button>
    </nav>
  )
}
