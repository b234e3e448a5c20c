import { type Paint, plain } from './paint.ts'
import { clean, fit, widthOf } from './text.ts'

export interface Column {
  title: string
  align?: 'left' | 'right'
  /** The most columns of the terminal that it takes; it is the one that gives way when the terminal is too narrow. */
  most?: number
}

/** What stands in a cell: text from anywhere, which is cleaned, and how to paint it. */
export type Cell = string | { text: string; paint: (text: string) => string }

export interface TableOptions {
  paint: Paint
  /** Columns of the terminal; without it lines are as long as they need be. */
  width?: number | undefined
}

/** A table as lines: a title for each column, which is as wide as what stands in it. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], { paint, width }: TableOptions) {
  const texts = rows.map((row) => row.map((cell) => clean(typeof cell === 'string' ? cell : cell.text)))
  const widths = columns.map(({ title, most = Infinity }, place) =>
    Math.max(widthOf(title), Math.min(most, widest(texts, place))),
  )
  narrow(columns, widths, width)
  const line = (cells: readonly string[], painted: (place: number) => (text: string) => string) =>
    columns
      .map(({ align }, place) => {
        const last = place === columns.length - 1 && align !== 'right'
        const text = fit(cells[place] ?? '', widths[place] ?? 0, align)
        return painted(place)(last ? text.trimEnd() : text)
      })
      .join(GAP)
      .trimEnd()
  const titles = line(
    columns.map(({ title }) => title),
    () => paint.dim,
  )
  return [titles, ...texts.map((row, index) => line(row, (place) => paintOfCell(rows[index]?.[place])))]
}

const GAP = '  '

const widest = (rows: readonly (readonly string[])[], place: number) =>
  Math.max(0, ...rows.map((row) => widthOf(row[place] ?? '')))

const paintOfCell = (cell: Cell | undefined) => (typeof cell === 'object' ? cell.paint : plain)

// Below this a name says nothing any more.
const LEAST_COLUMNS = 8

/** Takes from the widest columns that may give way what is over the terminal's width. */
function narrow(columns: readonly Column[], widths: number[], width = Infinity): void {
  let over = widths.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1)) - width
  while (over > 0) {
    const widest = widths.reduce(
      (best, each, place) =>
        columns[place]?.most !== undefined && each > LEAST_COLUMNS && each > (widths[best] ?? 0) ? place : best,
      -1,
    )
    if (widest < 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
    over--
  }
}
