import type { MarketIndex } from '@crypto-signals/contracts'
import { sourceStatusOf } from '@crypto-signals/testing'
import type { SweepProgress } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'
import { at } from './observations.contract.ts'

export function sourcesContract(guarantee: Guarantee): void {
  guarantee('keeps the last status, universe and sweep of each source over a restart', async (t, { store, open }) => {
    const { sources } = store
    t.strictSame(await sources.statuses(), [])
    t.equal(await sources.universe('alpha'), null)
    t.equal(await sources.sweep('alpha'), null)
    const coins = [{ id: '猫', symbol: '"', name: "'", platforms: { 'binance-smart-chain': '0xab', 'odd.$name': '' } }]
    for (const universe of [1, 2]) {
      await sources.saveStatus(statusOf('beta', universe))
      await sources.saveStatus(statusOf('alpha', universe))
      await sources.saveUniverse('alpha', at(universe), coins)
      await sources.saveUniverse('beta', at(universe), [])
      await sources.saveSweep('alpha', sweepOf(universe))
    }
    await store[Symbol.asyncDispose]()
    const { sources: kept } = await open()
    t.strictSame(await kept.statuses(), [statusOf('alpha', 2), statusOf('beta', 2)])
    t.strictSame(await kept.universe('alpha'), { listedAt: at(2), coins })
    t.strictSame(await kept.universe('beta'), { listedAt: at(2), coins: [] })
    t.strictSame(await kept.sweep('alpha'), sweepOf(2))
    t.equal(await kept.sweep('beta'), null)
  })

  guarantee('keeps the last value of each index of the market over a restart', async (t, { store, open }) => {
    t.strictSame(await store.sources.indices(), [])
    for (const value of [20, 21]) await store.sources.saveIndex(indexOf(value))
    await store[Symbol.asyncDispose]()
    t.strictSame(await (await open()).sources.indices(), [indexOf(21)])
  })
}

const sweepOf = (chunksDone: number): SweepProgress => ({
  startedAt: at(0),
  listedAt: at(0),
  chunksDone,
  chunksTotal: 80,
  rowsGood: 250,
  rowsBad: 1,
  finishedAt: null,
})

const statusOf = (name: string, universe: number) => sourceStatusOf({ name, universe })

const indexOf = (value: number): MarketIndex => ({
  index: 'fear-greed',
  value,
  label: 'Extreme "fear"',
  source: 'alternative-me',
  observedAt: at(value),
})
