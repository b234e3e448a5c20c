import {
  ApiError,
  type Client,
  type CoinDetail,
  type CoinSignal,
  type Signal,
  TIMEFRAMES,
  type Timeframe,
} from '@crypto-signals/client'
import { Command } from 'commander'
import { coinOf } from '../coin-of.ts'
import { type Act, type Context, sourceNote } from '../context.ts'
import { timeframeOption } from '../options.ts'
import { amountOf, percentOf, priceOf, scoreOf, shareOf, spanOf } from '../terminal/numbers.ts'
import { type Paint, plain } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { clean } from '../terminal/text.ts'
import { actionCell, HORIZON_NAMES, horizonOf } from '../words.ts'

export const coinCommand = (act: Act): Command =>
  new Command('coin')
    .description('a coin with its four horizons and the reasons of one')
    .argument('<coin>', 'its id, or its symbol if no other coin has it')
    .addOption(timeframeOption('the horizon whose reasons are told; without it the most confident one'))
    .action(act(coin))

async function coin(context: Context, text: string, { timeframe }: { timeframe?: Timeframe }): Promise<number> {
  const { client, json, paint, print, printJson } = context
  const { data, meta } = await coinOf(client, text)
  const signals = await signalsOf(client, data.coinId)
  if (json) {
    printJson({ success: true, data: { ...data, signal: undefined, timeframes: signals?.timeframes ?? null }, meta })
    return 0
  }
  print(...sourceNote(meta.source, paint), ...coinLines(data, paint), '')
  if (signals === null) print('Not scored yet.')
  else
    print(
      ...horizonLines(signals, context),
      '',
      ...reasonLines(signals.timeframes[timeframe ?? signals.timeframe], context),
    )
  return 0
}

/** All four horizons; null until the coin was scored. */
async function signalsOf(client: Client, coinId: string): Promise<CoinSignal['data'] | null> {
  try {
    return (await client.signals.ofCoin(coinId)).data
  } catch (error) {
    if (error instanceof ApiError && error.code === 'QUERY_NOT_SCORED') return null
    throw error
  }
}

function coinLines(coin: CoinDetail['data'], { bold, dim, signed }: Paint): string[] {
  const changes = Object.entries(coin.changePct).filter(([, percent]) => percent !== null)
  const rank = coin.marketCapRank === null ? 'unranked' : `#${coin.marketCapRank}`
  const figures = [
    `cap $${amountOf(coin.marketCapUsd)}`,
    `volume 24h $${amountOf(coin.volumeUsd24h)}`,
    `range 24h $${priceOf(coin.low24hUsd)} to $${priceOf(coin.high24hUsd)}`,
    `supply ${amountOf(coin.circulatingSupply)}`,
  ]
  return [
    `${bold(`${clean(coin.name)} (${clean(coin.symbol.toUpperCase())})`)}  ${rank}  ${dim(clean(coin.coinId))}`,
    [
      bold(`$${priceOf(coin.priceUsd)}`),
      ...changes.map(([span, percent]) => `${dim(span)} ${signed(percent)(percentOf(percent))}`),
    ].join('  '),
    figures.join('  '),
    dim(`price ${spanOf(coin.ageMs)} old (${coin.freshness}), from ${clean(coin.source)}`),
  ]
}

const right = 'right' as const
const HORIZON_COLUMNS = [
  { title: 'HORIZON' },
  { title: 'SCORE', align: right },
  { title: 'SAYS' },
  { title: 'SURE', align: right },
  { title: 'DATA', align: right },
  { title: 'BEFORE' },
]

function horizonLines({ timeframes, timeframe: primary }: CoinSignal['data'], { paint, width }: Context): string[] {
  const rows = TIMEFRAMES.map((name) => {
    const signal = timeframes[name]
    return [
      { text: HORIZON_NAMES[name], paint: name === primary ? paint.bold : plain },
      scoreOf(signal.insufficientData ? null : signal.finalScore),
      actionCell(horizonOf(signal), paint),
      shareOf(signal.recommendation.confidence),
      shareOf(signal.coverage),
      { text: beforeOf(signal), paint: paint.dim },
    ]
  })
  return table(HORIZON_COLUMNS, rows, { paint, width })
}

const beforeOf = ({ previous }: Signal) =>
  previous === null ? '' : `${previous.action.replace('_', ' ')} ${scoreOf(previous.finalScore)}`

const BAR_COLUMNS = 20

/** What the score is made of: a bar is as long as the part's weight allows, and as full as its score. */
function reasonLines({ breakdown, timeframe, finalScore }: Signal, { paint, width }: Context): string[] {
  const most = Math.max(...breakdown.map(({ weight }) => weight), 0.01)
  const rows = breakdown.map(({ component, score, weight, contribution, why }) => {
    const length = Math.max(1, Math.round((weight / most) * BAR_COLUMNS))
    const full = Math.round((score / 100) * length)
    return [
      component,
      { text: '█'.repeat(full) + '░'.repeat(length - full), paint: score >= 50 ? paint.good : paint.bad },
      scoreOf(contribution),
      `${scoreOf(score)} × ${shareOf(weight)}`,
      why,
    ]
  })
  const columns = [
    { title: `WHY ${scoreOf(finalScore)}` },
    { title: HORIZON_NAMES[timeframe].toUpperCase() },
    { title: 'POINTS', align: right },
    { title: 'SCORE × WEIGHT', align: right },
    { title: 'REASON' },
  ]
  return table(columns, rows, { paint, width })
}
