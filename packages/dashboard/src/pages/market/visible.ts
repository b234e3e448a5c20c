import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Rows {
  count: number
  /** Of each row. */
  heightPx: number
  /** What holds the rows; the window scrolls past it. */
  body: RefObject<HTMLElement | null>
  /** How much at the top of the window is covered by what sticks there. */
  coveredPx: () => number
}

interface Visible {
  /** The rows on the screen and a few before and after. */
  from: number
  to: number
  /** Scrolls just so far that a row is seen. */
  reveal: (index: number) => void
}

/** Which of many rows of one height are on the screen. */
export function useVisible({ count, heightPx, body, coveredPx }: Rows): Visible {
  const [, draw] = useState({})
  const [top, setTop] = useState(0)
  const options = {
    count,
    scrollMargin: top,
    overscan: 4,
    estimateSize: () => heightPx,
    getItemKey: (index: number) => index,
    getScrollElement: () => window,
    scrollToFn: windowScroll,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    onChange: () => draw({}),
  }
  const [virtualizer] = useState(() => new Virtualizer<Window, HTMLElement>(options))
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, heightPx])

  useEffect(() => {
    // What stands above the rows grows and shrinks: a notice comes, figures arrive, the window is turned.
    const measure = () => setTop(Math.round((body.current?.getBoundingClientRect().top ?? 0) + scrollY))
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    for (const above of document.querySelectorAll('.top, .banner, .summary, .filters')) observer.observe(above)
    measure()
    return () => observer.disconnect()
  }, [body])

  const items = virtualizer.getVirtualItems()
  const from = items[0]?.index ?? 0
  const drawn = useRef({ heightPx, rows: 0 })
  if (drawn.current.heightPx !== heightPx) drawn.current = { heightPx, rows: 0 }
  drawn.current.rows = Math.max(drawn.current.rows, (items.at(-1)?.index ?? -1) + 1 - from)
  return {
    from,
    // Always as many: so each element that leaves at one end finds its place at the other.
    to: Math.min(count, from + drawn.current.rows),
    reveal(index) {
      const start = top + index * heightPx
      const first = scrollY + coveredPx()
      const last = scrollY + innerHeight - bottomPx()
      if (start < first) scrollTo(0, start - coveredPx())
      else if (start + heightPx > last) scrollTo(0, start + heightPx - innerHeight + bottomPx())
    },
  }
}

const bottomPx = () => document.querySelector('.bottom')?.clientHeight ?? 0
