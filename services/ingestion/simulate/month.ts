import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { SOURCES } from '../src/calls/catalog.ts'
import { readIds } from './ids.ts'
import { modelWorldOf } from './model-world.ts'
import { type Scenario, scenariosOf } from './scenarios.ts'
import { headOf } from './table.ts'
import type { Played } from './worker.ts'

export interface MonthOptions {
  days: number
  /** Of which scenarios: those with this in their titles. */
  only: string
  print: (line: string) => void
}

/** Plays a month of every scenario and prints what came of it; false where a target was missed or a limit broken. */
export const simulateMonth = async ({ days, only, print }: MonthOptions): Promise<boolean> => {
  const { coins, origin } = await readIds()
  const facts = SOURCES.map(({ facts }) => facts)
  for (const line of headOf(modelWorldOf(coins), origin, facts)) print(line)
  const scenarios = scenariosOf(days).filter(({ title }) => title.includes(only))
  const outcomes = await inParallel(
    scenarios.map((scenario) => async () => {
      const { lines, met } = await playApart(scenario)
      for (const line of lines) print(line)
      return { title: scenario.title, met }
    }),
  )
  print('')
  for (const { title, met } of outcomes) print(`${met ? 'met   ' : 'MISSED'} ${title}`)
  return outcomes.length > 0 && outcomes.every(({ met }) => met)
}

/** Each in a process of its own, as many at once as there are processors, the first ones first. */
const inParallel = async <T>(works: readonly (() => Promise<T>)[]): Promise<T[]> => {
  const results: T[] = []
  const waiting = [...works.entries()]
  const go = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await next[1]()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, go))
  return results
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))

const playApart = (scenario: Scenario): Promise<Played> =>
  new Promise((resolve, reject) => {
    const worker = fork(WORKER, [JSON.stringify(scenario)])
    worker.once('message', (played) => resolve(played as Played))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`${scenario.title} ended without an outcome, with ${code}`)))
  })
