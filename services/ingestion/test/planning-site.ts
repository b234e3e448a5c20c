import { openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, tempDir } from '@crypto-signals/testing'
import type { Test } from 'tap'
import { createDemandBook } from '../src/planning/demand-book.ts'
import { createPlanner, type PlannerOptions } from '../src/planning/planner.ts'
import type { FakeSource } from './fake-source.ts'

/** A store and a clock that outlive planners, as they do restarts of a process. */
export async function openSite(t: Test) {
  const clock = new FakeClock()
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'market.sqlite' })
  const { log, lines } = captureLog()
  t.teardown(async () => {
    for (const part of [store, dir]) await part[Symbol.asyncDispose]()
  })
  const taken: string[] = []
  const pairs: string[] = []
  const demand = createDemandBook({ clock, priceOf: () => null, priceAt: () => null, contractsOf: () => [] })
  const hand: PlannerOptions['hand'] = {
    coins: (coins) => taken.push(`${coins.length} coins`),
    pairs: async (exchange, rows) => void pairs.push(`${exchange} ${rows.length}`),
    observations: async ({ batch }) => void taken.push(batch),
    index: (index) => store.sources.saveIndex(index),
  }
  const plan = (sources: readonly FakeSource[], options: Partial<PlannerOptions> = {}) =>
    createPlanner({ sources, demand, store, clock, log, random: () => 0, hand, ...options })
  const statusOf = async (name: string) => (await store.sources.statuses()).find((status) => status.name === name)
  const messages = () => lines.map(({ msg }) => msg)
  return { clock, store, demand, taken, pairs, plan, statusOf, messages }
}
