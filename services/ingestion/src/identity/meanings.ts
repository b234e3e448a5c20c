import { instantOf } from '@crypto-signals/clock'
import type { Mapping } from '@crypto-signals/store'
import type { Observation } from '../observation.ts'
import type { SourceFacts } from '../source.ts'
import { type Bearers, createBearers } from './bearers.ts'
import { type Claim, claimsOf, isBarred, mappingKeyOf, outranks } from './claim.ts'
import { isCurrency } from './currencies.ts'
import type { Ground } from './ground.ts'
import { type KnownKey, settleKey, unsettleKey } from './known-key.ts'
import type { NameHolders } from './name-holders.ts'
import { SETTLED_CONFIDENCE } from './pair-book.ts'
import { nameKeyOf } from './symbol.ts'

/** What the keys of one source mean, made out from what is said of them and what was found before. */
export interface Meanings {
  makeOut: (known: KnownKey, row: Observation, nowMs: number) => void
  /** What a key that is not proven may be of now. */
  openClaims: (known: KnownKey, nowMs: number) => Claim[]
  settle: (known: KnownKey, claim: Claim, nowMs: number) => void
  drop: (known: KnownKey, reason: string, nowMs: number) => void
  keyOf: Bearers['keyOf']
}

export function createMeanings(facts: SourceFacts, ground: Ground, names: NameHolders): Meanings {
  const { name: source } = facts
  const mappings = () => (facts.keys === 'own-id' ? ground.table.of(source) : NONE)
  const bearers = createBearers(mappings, () => ground.generation)
  const heldOf = (known: KnownKey) => ground.table.of(source).get(known.mappingKey)
  const settle = (known: KnownKey, claim: Claim, nowMs: number) => {
    const held = heldOf(known)
    const mapping = isSettledAs(held, claim) ? held : mappingOf({ source, known, claim, held, nowMs })
    if (mapping !== held) {
      ground.table.put(mapping)
      if (facts.keys === 'own-id') {
        if (held !== undefined) bearers.remove(held)
        bearers.put(mapping)
      }
    }
    settleKey(known, claim.coin, mapping)
  }
  const isProvable = (known: KnownKey, { coin, proof }: Claim, nowMs: number) =>
    proof !== 'occasions' ||
    (names.isAlone(known.nameKey ?? '', known.key, nowMs) && !bearers.hasOther(coin.id, known.key, nowMs))
  return {
    makeOut(known, row, nowMs) {
      const was = known.claims[0]?.coin.id
      describe(known, facts, row)
      known.generation = ground.generation
      const held = heldOf(known)
      known.claims = isCurrency(row.currency) ? claimsOf(facts, row, held, ground) : []
      const sure = known.claims.find((claim) => isSure(claim, held, nowMs))
      if (sure !== undefined) settle(known, sure, nowMs)
      else if (known.coin !== null || was !== known.claims[0]?.coin.id) unsettleKey(known)
      known.checkAtMs = 0
    },
    openClaims: (known, nowMs) =>
      known.claims.filter((claim) => !isBarred(claim, heldOf(known), nowMs) && isProvable(known, claim, nowMs)),
    settle,
    drop(known, reason, nowMs) {
      if (known.mapping === null) return
      ground.table.drop(known.mapping, reason, nowMs)
      ground.pairs.forget(source)
      bearers.remove(known.mapping)
      unsettleKey(known)
      known.generation = -1
    },
    keyOf: (coinId) => bearers.keyOf(coinId),
  }
}

const NONE: ReadonlyMap<string, Mapping> = new Map()

function describe(known: KnownKey, facts: SourceFacts, row: Observation): void {
  const nameKey = facts.keys === 'own-id' ? nameKeyOf(row.symbol, row.name) : null
  if (nameKey !== known.nameKey && known.coin === null) unsettleKey(known)
  const { symbol, name, currency } = row
  Object.assign(known, { symbol, name, currency, nameKey, address: row.contract?.address ?? null })
  known.mappingKey = mappingKeyOf(facts, row)
}

/** Whether no price is needed to believe a claim: by its nature, or because one agreed before. */
function isSure(claim: Claim, held: Mapping | undefined, nowMs: number): boolean {
  if (isBarred(claim, held, nowMs)) return false
  return claim.proof === 'none' || (claim.proof === 'price' && isSettledAs(held, claim))
}

function isSettledAs(held: Mapping | undefined, claim: Claim): held is Mapping {
  if (held === undefined || held.dropped !== null || outranks(claim.method, held.method)) return false
  const isSame = held.coinId === claim.coin.id && held.multiplier === claim.multiplier
  return isSame && (claim.proof !== 'price' || held.confidence >= SETTLED_CONFIDENCE)
}

interface Settling {
  source: string
  known: KnownKey
  claim: Claim
  held: Mapping | undefined
  nowMs: number
}

function mappingOf({ source, known, claim, held, nowMs }: Settling): Mapping {
  const { coin, method, multiplier, proof } = claim
  const at = instantOf(nowMs)
  const firstSeenAt = held?.coinId === coin.id ? held.firstSeenAt : at
  const confidence = proof === 'price' ? SETTLED_CONFIDENCE : CONFIDENCE[method]
  const said = { source, key: known.mappingKey, coinId: coin.id }
  return { ...said, method, confidence, multiplier, firstSeenAt, lastSeenAt: at, dropped: null }
}

const CONFIDENCE = { contract: 0.99, pairs: SETTLED_CONFIDENCE, 'pairs-of-base': 0.9, 'name-and-price': 0.9 }
