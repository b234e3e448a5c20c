import 'uplot/dist/uPlot.min.css'
import './plot.css'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'
import { language, theme } from '../../preferences.ts'

export type PlotOptions = Omit<UPlot.Options, 'width' | 'height'>

interface PlotProps {
  data: UPlot.AlignedData
  /** Made anew with the theme, the language and `look`, of colours that are in force by then. */
  options: (colours: Colours) => PlotOptions
  /** What else the options depend on. */
  look: string
  /** What the plot shows, for those who do not see it. */
  label: string
  height: number
}

/** Reads a colour of the theme by its name, without the two dashes. */
export type Colours = (name: string) => string

/** A plot as wide as its place. */
export function Plot({ data, options, look, label, height }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  useLayoutEffect(() => {
    const element = frame.current as HTMLDivElement
    const style = getComputedStyle(document.documentElement)
    const made = new UPlot(
      { ...options((name) => style.getPropertyValue(`--${name}`).trim()), width: element.clientWidth, height },
      data,
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
    // The data that came since are set below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [look, height, theme.value, language.value])
  useEffect(() => plot.current?.setData(data), [data])
  return <div class="plot" role="img" aria-label={label} ref={frame} />
}

const AXIS_FONT = '11px "Inter Variable", system-ui, sans-serif'

/** Labels of moments. What stands so near the left end that it would be cut off has none. */
export function momentLabels(label: (seconds: number, apartS: number) => string): UPlot.Axis.DynamicValues {
  return (...[plot, splits, , , apartS]) =>
    splits.map((split) => (plot.valToPos(split, 'x') < 24 ? null : label(split, apartS)))
}

/** As wide as the longest label needs. */
export const widthOf = (labels: readonly string[] | null): number =>
  14 + 6.7 * Math.max(2, ...(labels ?? []).map((label) => label.length))

/** At the right of the plot, where the newest is. */
// uPlot declares its sides as an enum of types alone.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
export const RIGHT: UPlot.Axis.Side = 1

/** Axes that stand back behind what is plotted. */
export function quietAxis(colours: Colours, more: UPlot.Axis = {}): UPlot.Axis {
  return {
    stroke: colours('text-3'),
    font: AXIS_FONT,
    grid: { stroke: colours('line'), width: 1 },
    ticks: { show: false },
    ...more,
  }
}

/** The cursor of a plot: a line to read at, and no zooming, which would hold the page on a phone. */
export const READING_CURSOR: UPlot.Cursor = {
  y: false,
  drag: { x: false, y: false, setScale: false },
  points: { size: 8, width: 2 },
}
