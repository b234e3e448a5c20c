import type { Clock } from '@crypto-signals/clock'
import type { Contract, Demand } from '../demand.ts'
import type { Observation } from '../observation.ts'
import type { Answer, SourceCall } from '../source.ts'
import type { PlatformNames } from './dex-platforms.ts'
import { addressOf } from './reading.ts'
import { createRests } from './rests.ts'

export interface DexCallsOptions {
  platforms: PlatformNames
  /** Prices younger than this are fresh enough. */
  olderThanMs: number
  maxCalls: number
  clock: Clock
  ask(asked: TokensAsked, signal: AbortSignal): Promise<Answer<Observation>>
}

/** Tokens of one platform. */
export interface TokensAsked {
  /** CoinGecko's name of it. */
  platform: string
  addresses: readonly string[]
}

const TOKENS_A_CALL = 30
/** Pools that hold less are easily made to say anything. */
export const LEAST_LIQUIDITY_USD = 5_000

/** Makes the calls of a round for the tokens whose prices are oldest: none while other sources keep them fresh. */
export function createDexRounds(options: DexCallsOptions): (demand: Demand) => readonly SourceCall[] {
  const { platforms, olderThanMs, maxCalls, clock } = options
  const rests = createRests(clock, olderThanMs)

  const ask = async (platform: string, tokens: readonly Token[], signal: AbortSignal) => {
    const answer = await options.ask({ platform, addresses: tokens.map(({ address }) => address) }, signal)
    const found = new Set(answer.rows.map(({ key }) => key))
    for (const { coinId, address } of tokens)
      rests.asked(coinId, found.has(keyOf(platform, address)), answer.receivedAt)
    return answer
  }

  return (demand) => {
    const stalest = demand.stalest(maxCalls * TOKENS_A_CALL, olderThanMs, rests.awake(demand.tokens()))
    const batches = batchesOf(stalest, (coinId) => mainContract(demand.contractsOf(coinId), platforms))
    return batches
      .slice(0, maxCalls)
      .map(({ platform, tokens }, index) => callFor(platform, String(index + 1), tokens, ask))
  }
}

interface Batch {
  platform: string
  tokens: Token[]
}

interface Token {
  coinId: string
  address: string
}

/** Coins by platform, thirty at a time, those that come first first. */
function batchesOf(coinIds: readonly string[], contractOf: (coinId: string) => Contract | null): Batch[] {
  const batches: Batch[] = []
  const filling = new Map<string, Batch>()
  for (const coinId of coinIds) {
    const contract = contractOf(coinId)
    if (contract === null) continue
    const { platform, address } = contract
    let batch = filling.get(platform)
    if (batch === undefined || batch.tokens.length === TOKENS_A_CALL) {
      batch = { platform, tokens: [] }
      batches.push(batch)
      filling.set(platform, batch)
    }
    batch.tokens.push({ coinId, address })
  }
  return batches
}

/** Of a coin on many platforms, the contract where it is likely to be traded most: that on the busiest. */
function mainContract(contracts: readonly Contract[], platforms: PlatformNames): Contract | null {
  for (const platform of platforms.keys()) {
    const found = contracts.find((contract) => contract.platform === platform && ADDRESS.test(contract.address))
    if (found !== undefined) return found
  }
  return null
}

// What could end a list or a path, and what is too long to be one, is no address.
const ADDRESS = /^[^\s,/?#%]{1,128}$/

type Ask = (platform: string, tokens: readonly Token[], signal: AbortSignal) => Promise<Answer<Observation>>

function callFor(platform: string, label: string, tokens: readonly Token[], ask: Ask): SourceCall {
  const half = Math.ceil(tokens.length / 2)
  const halves = () => [
    callFor(platform, `${label}a`, tokens.slice(0, half), ask),
    callFor(platform, `${label}b`, tokens.slice(half), ask),
  ]
  return {
    label: `${platform}-${label}`,
    credits: 1,
    target: { coinIds: tokens.map(({ coinId }) => coinId) },
    ask: (signal) => ask(platform, tokens, signal),
    ...(tokens.length > 1 && { split: halves }),
  }
}

/** The part of a path that names the tokens. */
export const addressList = ({ addresses }: TokensAsked): string => addresses.map(encodeURIComponent).join(',')

const keyOf = (platform: string, address: unknown) => `${platform}:${addressOf(address)}`

/** Tells the key of a token that was asked for by its address as the answer writes it; null if it was not asked for. */
export function keysOf({ platform, addresses }: TokensAsked): (address: unknown) => string | null {
  const asked = new Set(addresses.map((address) => keyOf(platform, address)))
  return (address) => {
    const key = keyOf(platform, address)
    return typeof address === 'string' && asked.has(key) ? key : null
  }
}
