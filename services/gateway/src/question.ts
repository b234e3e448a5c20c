/** What a service behind the gateway is asked. */
export interface Question {
  method: string
  /** Path and query as the caller wrote them. */
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

/** What it answered: the body, and those of its headers that are meant for the caller. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** Rejects with what the caller is to be told; what it rejects with once `signal` is aborted is of no interest. */
export type Ask = (question: Question, signal: AbortSignal) => Answer | Promise<Answer>
