import type UPlot from 'uplot'
import { TIMEFRAMES, type Timeframe } from '../../market/protocol.ts'
import { moments } from './moment.ts'
import { type Colours, momentLabels, type PlotOptions, quietAxis, READING_CURSOR, RIGHT } from './plot.tsx'

interface ScoreLook {
  interval: '1h' | '1d'
  hidden: ReadonlySet<Timeframe>
  /** Its line stands out. */
  chosen: Timeframe
  read: (index: number | null) => void
}

/** Lines of scores from 0 to 100, before the bounds at which the recommendation changes. */
export function scorePlot({ interval, hidden, chosen, read }: ScoreLook, colours: Colours): PlotOptions {
  const { hour, day } = moments.value
  return {
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: READING_CURSOR,
    scales: { x: { time: true }, y: { range: [0, 100] } },
    axes: [
      quietAxis(colours, {
        values: momentLabels((seconds, apartS) => (interval === '1h' && apartS < DAY_S ? hour : day)(seconds)),
        space: 84,
        size: 28,
        grid: { show: false },
      }),
      quietAxis(colours, { side: RIGHT, size: 36, splits: () => [0, ...LIMITS, 100] }),
    ],
    series: [
      {},
      ...TIMEFRAMES.map((timeframe, i) => ({
        show: !hidden.has(timeframe),
        stroke: colours(`series-${i + 1}`),
        width: timeframe === chosen ? 2.5 : 1.25,
        points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [(plot) => read(plot.cursor.idx ?? null)],
      drawClear: [(plot) => drawBands(plot, colours)],
    },
  }
}

const DAY_S = 86_400

/** Where sell becomes strong, where hold begins and ends, and where buy becomes strong. */
const LIMITS = [20, 40, 60, 80]

/** The ground of what is bullish, and of what is bearish. */
function drawBands(plot: UPlot, colours: Colours): void {
  const { ctx, bbox } = plot
  const band = (low: number, high: number, colour: string) => {
    const top = plot.valToPos(high, 'y', true)
    ctx.fillStyle = colour
    ctx.fillRect(bbox.left, top, bbox.width, plot.valToPos(low, 'y', true) - top)
  }
  ctx.save()
  ctx.globalAlpha = 0.5
  band(80, 100, colours('strong-buy-soft'))
  band(60, 80, colours('buy-soft'))
  band(20, 40, colours('sell-soft'))
  band(0, 20, colours('strong-sell-soft'))
  ctx.restore()
}
