import type UPlot from 'uplot'
import { figures } from '../../language/shown.ts'
import { moments } from './moment.ts'
import { type Colours, momentLabels, type PlotOptions, quietAxis, READING_CURSOR, RIGHT, widthOf } from './plot.tsx'
import { extremesOf, type Span } from './series.ts'

interface PriceLook {
  span: Span
  rose: boolean
  /** Told of the point under the cursor, null when it left. */
  read: (index: number | null) => void
}

/** A line of prices on its first price, coloured by how it changed, with its lowest and highest point named. */
export function pricePlot({ span, rose, read }: PriceLook, colours: Colours): PlotOptions {
  const line = colours(rose ? 'up' : 'down')
  const { price } = figures.value
  return {
    padding: [22, 0, 0, 0],
    legend: { show: false },
    cursor: READING_CURSOR,
    scales: { x: { time: true }, y: { range: (_, low, high) => withRoom(low, high) } },
    axes: [
      quietAxis(colours, {
        values: momentLabels(label(span)),
        space: 84,
        size: 28,
        grid: { show: false },
      }),
      quietAxis(colours, {
        side: RIGHT,
        size: (_, labels) => widthOf(labels),
        values: (_, splits) => splits.map((split) => price(split)),
        space: 46,
      }),
    ],
    series: [
      {},
      {
        stroke: line,
        width: 1.75,
        points: { show: false },
        fill: (plot) => fading(plot, line),
      },
    ],
    hooks: {
      setCursor: [(plot) => read(plot.cursor.idx ?? null)],
      drawAxes: [(plot) => drawStart(plot, colours('text-3'))],
      draw: [(plot) => drawExtremes(plot, colours('text-2'))],
    },
  }
}

function label(span: Span): (seconds: number) => string {
  const { hour, day, month } = moments.value
  return span === '24h' ? hour : span === '1y' ? month : day
}

/** A price that did not move lies in the middle. */
function withRoom(low: number, high: number): [number, number] {
  const room = high > low ? (high - low) * 0.06 : high * 0.01 || 1
  // Below the line stands the lowest price.
  return [Math.max(0, low - 2 * room), high + room]
}

function fading(plot: UPlot, colour: string): CanvasGradient {
  const { top, height } = plot.bbox
  const fade = plot.ctx.createLinearGradient(0, top, 0, top + height)
  fade.addColorStop(0, `${colour}38`)
  fade.addColorStop(1, `${colour}00`)
  return fade
}

/** A dashed line at the first price: above it the coin gained. */
function drawStart(plot: UPlot, colour: string): void {
  const [first] = plot.data[1] as number[]
  if (first === undefined) return
  const { ctx, bbox } = plot
  const y = plot.valToPos(first, 'y', true)
  ctx.save()
  ctx.strokeStyle = colour
  ctx.globalAlpha = 0.7
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}

function drawExtremes(plot: UPlot, colour: string): void {
  const [times, prices] = plot.data as [number[], number[]]
  if (prices.length === 0) return
  const { low, high } = extremesOf(prices)
  const { ctx, bbox } = plot
  ctx.save()
  ctx.fillStyle = colour
  ctx.font = `${11 * devicePixelRatio}px "Inter Variable", system-ui, sans-serif`
  for (const [index, above] of [
    [high, true],
    [low, false],
  ] as const) {
    const text = figures.value.price(prices[index] as number)
    const half = ctx.measureText(text).width / 2
    const x = plot.valToPos(times[index] as number, 'x', true)
    const y = plot.valToPos(prices[index] as number, 'y', true)
    ctx.textAlign = 'center'
    ctx.textBaseline = above ? 'bottom' : 'top'
    const within = Math.min(Math.max(x, bbox.left + half), bbox.left + bbox.width - half)
    ctx.fillText(text, within, y + (above ? -6 : 6) * devicePixelRatio)
  }
  ctx.restore()
}
