import type { RowFilter, TriggeredAlert } from '@crypto-signals/client'
import type { Context } from '../context.ts'
import { openScreen } from '../terminal/screen.ts'
import { ROW_SORTS, type RowSort } from './order.ts'
import { createView } from './view.ts'

const CTRL_C = '\u0003'

// Four times a second is as often as an eye can use.
const DRAW_EVERY_MS = 250

/** Shows the market in the terminal until `q`, Ctrl-C or a signal. */
export async function watchScreen(context: Context, filter: RowFilter, options: { sort: RowSort }): Promise<void> {
  const { client, out, keys } = context
  const leaving = new AbortController()
  const left = AbortSignal.any([context.untilStopped(), leaving.signal])
  let alert: TriggeredAlert | undefined
  const market = client.liveMarket(filter, {
    signal: left,
    onAlert: (fired) => {
      alert = fired
    },
  })
  const view = createView(context, filter)
  let { sort } = options
  const draw = () => screen.draw(view.lines(market, { sort, columns: screen.columns, rows: screen.rows, alert }))
  const screen = openScreen({
    out,
    keys,
    onResize: () => draw(),
    onKey: (key) => {
      if (key === 'q' || key === CTRL_C) leaving.abort()
      if (key === 's') sort = ROW_SORTS[(ROW_SORTS.indexOf(sort) + 1) % ROW_SORTS.length] ?? sort
      draw()
    },
  })
  const timer = setInterval(draw, DRAW_EVERY_MS)
  try {
    draw()
    await market.ready
    if (!left.aborted) await new Promise((resolve) => left.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    // Whoever leaves before the first rows are there has not failed.
    if (!left.aborted) throw error
  } finally {
    clearInterval(timer)
    screen[Symbol.dispose]()
    market.close()
  }
}
