import {
  actionOf,
  COMPONENTS,
  type ComponentName,
  type Contribution,
  type PreviousSignal,
  type Quote,
  type ScoredCoin,
  type Signal,
  TIMEFRAMES,
  type Timeframe,
} from '@crypto-signals/contracts'
import type { Component } from './components/component.ts'
import { priceComponent } from './components/price.ts'
import { standingComponent } from './components/standing.ts'
import { readTechnicals, type Technicals, technicalComponent } from './components/technical.ts'
import { volumeComponent } from './components/volume.ts'
import { confidenceOf } from './confidence.ts'
import { coverageOf, hasPrice } from './coverage.ts'
import { HORIZONS } from './horizons.ts'
import { shareWeights } from './weights.ts'

/** Scores one observation of a coin on all four horizons, shortest first. Pure: the same quote and previous signals give the same result. */
export function scoreCoin(quote: Quote, previous: ScoredCoin | null): ScoredCoin {
  const technicals = readTechnicals(quote.sparkline)
  const standing = standingComponent(quote)
  const signals = TIMEFRAMES.map((timeframe) => {
    const components = componentsOf(quote, timeframe, technicals, standing)
    return signalOf(quote, timeframe, components, previousOf(quote, previous, timeframe))
  })
  return { coinId: quote.coinId, changePct: quote.changePct, signals }
}

type Components = Record<ComponentName, Component>

/** Below this share of its inputs a horizon says nothing. */
const LEAST_COVERAGE = 0.4

function componentsOf(quote: Quote, timeframe: Timeframe, technicals: Technicals, standing: Component): Components {
  const momentum = priceComponent(quote.changePct, timeframe)
  const volume = volumeComponent(quote, momentum.score)
  return { momentum, volume, standing, technical: technicalComponent(technicals, timeframe) }
}

function signalOf(quote: Quote, timeframe: Timeframe, components: Components, previous: PreviousSignal | null): Signal {
  const coverage = coverageOf(quote, timeframe, components.technical.score !== null)
  const lack = lackOf(quote, components, coverage)
  const breakdown = lack === null ? breakdownOf(components, timeframe) : emptyBreakdown(components, timeframe, lack)
  const finalScore = roundTo(
    100,
    breakdown.reduce((sum, { contribution }) => sum + contribution, 0),
  )
  const parts = { scores: breakdown.map(({ score }) => score), weights: breakdown.map(({ weight }) => weight) }
  return {
    coinId: quote.coinId,
    symbol: quote.symbol,
    name: quote.name,
    rank: quote.marketCapRank,
    timeframe,
    price: quote.priceUsd,
    finalScore,
    recommendation: {
      action: lack === null ? actionOf(finalScore) : 'HOLD',
      confidence: lack === null ? roundTo(1000, confidenceOf(quote, timeframe, coverage, parts)) : 0,
    },
    breakdown,
    coverage: roundTo(1000, coverage),
    insufficientData: lack !== null,
    source: quote.source,
    observedAt: quote.observedAt,
    updatedAt: quote.receivedAt,
    previous,
  }
}

/** Why there is too little to score, null when there is enough. */
function lackOf(quote: Quote, { momentum, technical }: Components, coverage: number): string | null {
  if (!hasPrice(quote)) return 'price unknown'
  if (momentum.score === null && technical.score === null) return 'neither its moves nor its indicators are known'
  if (coverage < LEAST_COVERAGE) return `only ${(100 * coverage).toFixed(0)} % of the inputs known`
  return null
}

function breakdownOf(components: Components, timeframe: Timeframe): Contribution[] {
  const known = COMPONENTS.map((name) => components[name].score !== null)
  const weights = shareWeights(plainWeights(timeframe), known)
  return COMPONENTS.map((component, i) => {
    const score = roundTo(100, components[component].score ?? 50)
    const weight = weights[i] as number
    return { component, score, weight, contribution: roundTo(100, score * weight), why: components[component].why }
  })
}

function emptyBreakdown(components: Components, timeframe: Timeframe, lack: string): Contribution[] {
  const weights = plainWeights(timeframe)
  return COMPONENTS.map((component, i) => {
    const [{ score, why }, weight] = [components[component], weights[i] as number]
    const contribution = roundTo(100, 50 * weight)
    return { component, score: 50, weight, contribution, why: score === null ? why : `Not scored: ${lack}` }
  })
}

const plainWeights = (timeframe: Timeframe) => COMPONENTS.map((name) => HORIZONS[timeframe].components[name])

function previousOf(quote: Quote, previous: ScoredCoin | null, timeframe: Timeframe): PreviousSignal | null {
  const signal = previous?.signals.find((candidate) => candidate.timeframe === timeframe)
  if (signal === undefined) return null
  // An observation that came once more is no news: what was said before it still is what was said before.
  if (signal.observedAt === quote.observedAt) return signal.previous
  return { action: signal.recommendation.action, finalScore: signal.finalScore, at: signal.updatedAt }
}

const roundTo = (parts: number, value: number): number => Math.round(value * parts) / parts
