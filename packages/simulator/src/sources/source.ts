import type { SimulatedName } from '../limits/plan.ts'
import type { View, ViewOptions } from '../world/view.ts'
import type { World } from '../world/world.ts'

/** One source: its routes below its base URL. */
export interface SimulatedSource extends Omit<ViewOptions, 'name'> {
  readonly name: SimulatedName
  /** Answers by path; what is dear to make is made when it is first asked for. */
  open(view: View): Readonly<Record<string, Answerer>>
  /** Its own keys with the positions of the coins that they are of; null for what is no coin. Absent where keys are CoinGecko's, contracts, or none. */
  keysOf?(world: World): Iterable<readonly [key: string, index: number | null]>
}

/** What is answered to a request: a body, or a refusal. */
export type Answerer = (asked: Asked) => unknown

export interface Asked {
  /** Of a parameter given twice the last; '' if not given. */
  query: (name: string) => string
  param: (name: string) => string
  header: (name: string) => string | undefined
}

/** An answer that is not 200. */
export interface Refusal {
  readonly refused: number
  readonly body: unknown
}

export const refusal = (status: number, body: unknown): Refusal => ({ refused: status, body })

export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && 'refused' in answer
