import './loaded.css'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { words } from '../language/words.ts'
import { Notice } from './panel.tsx'

/** What a question to the server brought so far. */
export interface Loaded<T> {
  /** The latest answer; null before the first. It stays while a later question fails. */
  data: T | null
  /** Why the latest question brought no answer; null when it did. */
  error: unknown
  /** Asks at once. */
  again: () => void
}

interface Question<T> {
  /** What is asked: when it changes, all is asked and shown anew. */
  key: string
  /** Null: nothing yet; with another key it may come. */
  ask: (() => Promise<T>) | null
  /** From one answer to the next question, ms; never again without. Another one counts from the next answer on. Nothing is asked while the page is not seen. */
  everyMs?: number
}

/** Asks the server for as long as the component is there, and forgets the answer to a question that is none any more. */
export function useLoaded<T>({ key, ask, everyMs }: Question<T>): Loaded<T> {
  const [held, setHeld] = useState<{ key: string; data: T | null; error: unknown }>({ key, data: null, error: null })
  const [round, setRound] = useState(0)
  const asking = useRef({ ask, everyMs })
  asking.current = { ask, everyMs }

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const hold = (next: (data: T | null) => { data: T | null; error: unknown }) => {
      if (!isOver) setHeld((last) => ({ key, ...next(last.key === key ? last.data : null) }))
    }
    const next = (ms: number) => {
      if (!isOver) timer = setTimeout(attempt, ms)
    }
    const attempt = async () => {
      const { ask, everyMs } = asking.current
      if (ask === null) return
      if (document.hidden && everyMs !== undefined) return next(HIDDEN_MS)
      try {
        const data = await ask()
        hold(() => ({ data, error: null }))
        const restMs = asking.current.everyMs
        if (restMs !== undefined) next(restMs)
      } catch (error) {
        hold((data) => ({ data, error }))
        next(Math.max(everyMs ?? 0, FAILED_MS))
      }
    }
    void attempt()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [key, round])

  const again = useMemo(() => () => setRound((last) => last + 1), [])
  return held.key === key ? { data: held.data, error: held.error, again } : { data: null, error: null, again }
}

const HIDDEN_MS = 500
/** Who could not be answered asks again by himself: a server that restarts is back by then. */
const FAILED_MS = 3_000

interface LoadedViewProps<T> {
  loaded: Loaded<T>
  children: (data: T) => ComponentChildren
  /** How many lines stand for what is to come. */
  lines?: number
  /** What to show for a failure before the first answer, where there is more to say than that it failed. */
  failed?: (error: unknown) => ComponentChildren
}

/** The answer; before it lines in its place; and where none comes, that and a way to ask again. */
export function LoadedView<T>({ loaded, children, lines = 4, failed }: LoadedViewProps<T>) {
  const { data, error, again } = loaded
  const { loading, shell } = words.value
  if (data !== null)
    return (
      <>
        {error !== null && (
          <p class="loaded-stale" role="status">
            {loading.stale}
          </p>
        )}
        {children(data)}
      </>
    )
  if (error === null) return <Lines count={lines} />
  return (
    <>
      {failed?.(error) ?? (
        <Notice title={loading.failed}>
          <p>{loading.failedWhy}</p>
          <button type="button" class="button loaded-again" onClick={again}>
            {shell.retry}
          </button>
        </Notice>
      )}
    </>
  )
}

/** Lines in the place of what is still to come. */
export function Lines({ count }: { count: number }) {
  return (
    <div class="loaded-lines" role="status" aria-label={words.value.loading.loading}>
      {Array.from({ length: count }, (_, line) => (
        <span key={line} class="loaded-line" />
      ))}
    </div>
  )
}
