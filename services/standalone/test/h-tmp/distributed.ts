import { openStore } from '@crypto-signals/store'
import { captureLog, startMarketReplay, until } from '@crypto-signals/testing'
import { type Cluster, startCluster } from './cluster.ts'
import { addressesOf } from './engines.ts'
import { type Engines, faultsOf } from './faults.ts'
import { outcomeOf } from './outcome.ts'
import { play, tapeSettings } from './play.ts'
import type { Tape } from './tape.ts'

interface DistributedOptions {
  tape: Tape
  engines: Engines
  /** Of each service; the engines are restarted once each when there are any. */
  kills: number
  freeze?: boolean
  random: () => number
  say: (line: string) => void
}

/** What ten processes on real servers hold at the end of a tape, whatever was done to them meanwhile. */
export async function distributedOutcome({ tape, engines, kills, freeze = false, random, say }: DistributedOptions) {
  await using market = await startMarketReplay({ rows: tape.rows(0) })
  const addresses = addressesOf(engines)
  await using cluster = await startCluster({
    ...tapeSettings(market, SWEEP_SECONDS),
    ...addresses,
  })
  const faults = kills === 0 ? [] : faultsOf({ cluster, engines, kills, freeze, random })
  const perStep = Math.ceil(faults.length / (tape.steps - 1))
  // Several at a time, so that services fail together too; nobody is killed before the first step has been through.
  const during = async (step: number) => {
    const due = step === 0 ? [] : faults.splice(0, perStep)
    await Promise.all(
      due.map(async ({ name, strike }) => {
        await new Promise((resolve) => setTimeout(resolve, random() * SPREAD_MS))
        say(`step ${step}: ${name}`)
        await strike()
      }),
    )
  }
  try {
    const alertIds = await play({ ask: cluster.ask, market, tape }, during)
    await settled(cluster, engines)
    const { log } = captureLog()
    await using store = await openStore({ url: addresses.MONGODB_URI, log })
    const outcome = await outcomeOf(store, alertIds)
    return { outcome, kills: cluster.kills, served: await servedBy(cluster, tape) }
  } catch (error) {
    throw new Error(`${String(error)}\n${JSON.stringify(cluster.lines(), null, 1)}`, { cause: error })
  }
}

const SPREAD_MS = 1_500

// Longer than one sweep takes a slow database: repeats of what is known would only pile up.
const SWEEP_SECONDS = 4

/** Nothing new comes, and what came has been handled by all. */
async function settled(cluster: Cluster, { nats }: Engines): Promise<void> {
  await cluster.retire('ingestion')
  await until(async () => (await unhandled(nats.monitorUrl)) === 0, { timeoutMs: 600_000 })
}

/** How many messages lie with the groups that share their work, waiting or in hand. */
async function unhandled(monitorUrl: string): Promise<number> {
  const answer = await fetch(`${monitorUrl}/jsz?consumers=true`)
  const { account_details: accounts } = (await answer.json()) as JetStreamState
  return (
    accounts
      .flatMap(({ stream_detail }) => stream_detail.flatMap(({ consumer_detail = [] }) => consumer_detail))
      // Consumers of single replicas outlive those that were killed.
      .filter(({ name }) => /^(scoring|alerting)-/.test(name))
      .reduce((sum, { num_pending, num_ack_pending }) => sum + num_pending + num_ack_pending, 0)
  )
}

interface JetStreamState {
  account_details: {
    stream_detail: {
      consumer_detail?: { name: string; num_pending: number; num_ack_pending: number }[]
    }[]
  }[]
}

/** What callers are told at the end. */
async function servedBy({ ask }: Cluster, tape: Tape) {
  const signals = []
  for (const timeframe of ['SCALPING', 'DAY_TRADING', 'SWING_TRADING', 'LONG_TERM']) {
    for (let page = 1; page <= Math.ceil(tape.coinIds.length / 100); page++) {
      const { body } = await ask(`/api/signals?timeframe=${timeframe}&limit=100&page=${page}`)
      signals.push(...body.data)
    }
  }
  return {
    signals: signals.length,
    firings: (await ask('/api/alerts/triggered')).body.pagination.total_items as number,
  }
}
