import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

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
  /** The first row that is not covered. */
  first: () => number
  /** Scrolls just so far that a row is seen. */
  reveal: (index: number) => void
}

/** Which of many rows of one height are on the screen. */
export function useVisible({ count, heightPx, body, coveredPx }: Rows): Visible {
  const [top, setTop] = useState(0)
  const [first, setFirst] = useState(0)
  const [rows, setRows] = useState(0)
  useLayoutEffect(() => {
    const look = () => {
      setFirst(Math.floor((scrollY - top) / heightPx) - OVERSCAN)
      // Never fewer: so each element that leaves at one end finds its place at the other.
      setRows((most) => Math.max(most, Math.ceil(innerHeight / heightPx) + 1 + 2 * OVERSCAN))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [top, heightPx])

  useEffect(() => {
    // What stands above the rows grows and shrinks: a notice comes, figures arrive, the window is turned.
    const measure = () => setTop(Math.round((body.current?.getBoundingClientRect().top ?? 0) + scrollY))
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    for (const above of document.querySelectorAll('.top, .banner, .summary, .filters')) observer.observe(above)
    measure()
    return () => observer.disconnect()
  }, [body])

  const from = Math.max(0, Math.min(first, count - rows))
  return {
    from,
    to: Math.min(count, from + rows),
    first: () => Math.max(0, Math.round((scrollY + coveredPx() - top) / heightPx)),
    reveal(index) {
      const start = top + index * heightPx
      const first = scrollY + coveredPx()
      const last = scrollY + innerHeight - bottomPx()
      if (start < first) scrollTo(0, start - coveredPx())
      else if (start + heightPx > last) scrollTo(0, start + heightPx - innerHeight + bottomPx())
    },
  }
}

const OVERSCAN = 4

const bottomPx = () => document.querySelector('.bottom')?.clientHeight ?? 0
