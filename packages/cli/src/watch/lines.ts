import type { WriteStream } from 'node:tty'
import type { MarketRow, RowFilter, StreamMessage } from '@crypto-signals/client'
import { alertText } from '../alert-words.ts'
import type { Context } from '../context.ts'
import { percentOf, priceOf, scoreOf } from '../terminal/numbers.ts'
import { clean, jsonOf } from '../terminal/text.ts'
import { actionCell } from '../words.ts'
import { horizonIn } from './order.ts'

/** Prints one line for each change until stopped. Coins that were named are told as they are first. */
export async function watchLines(context: Context, filter: RowFilter): Promise<void> {
  const { client, json, out, err, print } = context
  const stopping = context.untilStopped()
  const linesOf = json ? jsonLines : textLines(context, filter)
  const stream = client.stream(filter, {
    snapshot: filter.coins !== undefined,
    signal: stopping,
    onState: (state) => {
      if (state === 'waiting') err.write('crypto-signals: the stream broke off, connecting anew\n')
    },
  })
  for await (const message of stream) {
    print(...linesOf(message))
    await drained(out, stopping)
  }
}

/** Waits while the reader is behind: the server then sends what changed meanwhile as one. */
async function drained(out: WriteStream, stopping: AbortSignal): Promise<void> {
  if (!out.writableNeedDrain || stopping.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      out.off('drain', done)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    out.once('drain', done)
    stopping.addEventListener('abort', done, { once: true })
  })
}

/** Each row, each coin that left, each alert as an object of its own. */
function jsonLines({ event, data }: StreamMessage): string[] {
  if (event !== 'changes') return [jsonOf({ event, data })]
  const { rows, left, version, at } = data
  return [
    ...rows.map((row) => jsonOf({ event: 'row', version, at, data: row })),
    ...left.map((coinId) => jsonOf({ event: 'left', version, at, data: { coinId } })),
  ]
}

function textLines({ paint, err }: Context, { timeframe }: RowFilter) {
  let note = ''
  const ofRow = (at: string, row: MarketRow) => {
    const horizon = horizonIn(row, timeframe)
    const action = horizon === null ? { text: 'not scored', paint: paint.dim } : actionCell(horizon, paint)
    const says = typeof action === 'string' ? action : action.paint(action.text)
    const score = scoreOf(horizon === null || horizon.insufficientData ? null : horizon.finalScore)
    const change = paint.signed(row.changePct['24h'])(percentOf(row.changePct['24h']))
    const cells = [
      at,
      clean(row.coinId),
      clean(row.symbol.toUpperCase()),
      `$${priceOf(row.priceUsd)}`,
      `24h ${change}`,
      score,
      says,
    ]
    return cells.join('  ') + note
  }
  return ({ event, data }: StreamMessage): string[] => {
    switch (event) {
      case 'hello':
        note = data.source === 'simulated' ? `  ${paint.warn('SIMULATED')}` : ''
        return []
      case 'reset':
        if (data.reason === 'unknown-version')
          err.write('crypto-signals: too much changed meanwhile, all coins follow\n')
        return []
      case 'alert':
        return [`${data.triggeredAt}  ${paint.bold('ALERT')}  ${alertText(data)}${note}`]
      default:
        return [
          ...data.rows.map((row) => ofRow(data.at, row)),
          ...data.left.map(
            (coinId) => `${data.at}  ${clean(coinId)}  ${paint.dim('does not fit the filter any more')}`,
          ),
        ]
    }
  }
}
