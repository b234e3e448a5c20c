import type { Observation } from '../observation.ts'
import type { Answer, SourceCall } from '../source.ts'

export interface NumberedPagesOptions {
  /** Rows of a full page. */
  size: number
  /** As long as no answer has told. */
  firstGuess: number
  /** However many a source claims to have. */
  mostPages: number
  /** Of one page. */
  credits: number
  /** Pages count from 1; `total` is how many rows there are in all, null if the answer does not tell. */
  ask: (page: number, signal: AbortSignal) => Promise<Page>
}

interface Page {
  answer: Answer<Observation>
  total: number | null
}

/** The calls of a round over all pages, as many as the last answers told. After a full last page the next is asked for. */
export function createNumberedPages(options: NumberedPagesOptions): () => readonly SourceCall[] {
  const { size, firstGuess, mostPages, credits, ask } = options
  let known = firstGuess

  const callOf = (page: number, last: boolean): SourceCall => ({
    label: String(page),
    credits,
    target: { page, size },
    async ask(signal) {
      const { answer, total } = await ask(page, signal)
      known = total ?? known
      return answer
    },
    rest: (answer) => (last && page < mostPages && rowsIn(answer) >= size ? callOf(page + 1, true) : null),
  })

  return () => {
    const pages = Math.min(Math.max(Math.ceil(known / size), 1), mostPages)
    return Array.from({ length: pages }, (_, index) => callOf(index + 1, index + 1 === pages))
  }
}

const rowsIn = ({ rows, faults, repeated }: Answer<Observation>) => rows.length + faults.length + repeated
