import type { ReadStream, WriteStream } from 'node:tty'
import { harmless } from './text.ts'

/** The whole terminal as a page that is drawn over in place. */
export interface Screen extends Disposable {
  readonly columns: number
  readonly rows: number
  /** Replaces what is shown; does nothing if that is shown already, or while the terminal has not taken what it was sent before. */
  draw(lines: readonly string[]): void
}

interface ScreenOptions {
  out: WriteStream
  keys: ReadStream
  /** Told when the terminal has another size, and of each key. */
  onResize: () => void
  onKey: (key: string) => void
}

/** Takes the terminal over, and gives it back as it was when disposed of, or when the process ends in whatever way. */
export function openScreen({ out, keys, onResize, onKey }: ScreenOptions): Screen {
  let open = true
  let shown = ''
  const heard = (bytes: Buffer) => onKey(bytes.toString())
  const resized = () => {
    // A terminal may have moved what it shows.
    shown = ''
    onResize()
  }
  const close = () => {
    if (!open) return
    open = false
    process.off('exit', close)
    out.off('resize', resized)
    keys.off('data', heard)
    if (keys.isTTY) keys.setRawMode(false)
    keys.pause()
    out.write(GIVE_BACK)
  }
  process.on('exit', close)
  out.on('resize', resized)
  if (keys.isTTY) keys.setRawMode(true).on('data', heard)
  out.write(TAKE_OVER)
  return {
    get columns() {
      return out.columns || 80
    },
    get rows() {
      return out.rows || 24
    },
    draw: (lines) => {
      const page = lines
        .slice(0, out.rows || 24)
        .map((line) => `${harmless(line)}${CLEAR_LINE}`)
        .join('\r\n')
      if (!open || out.writableNeedDrain || page === shown) return
      shown = page
      out.write(`${HOME}${page}${CLEAR_BELOW}`)
    },
    [Symbol.dispose]: close,
  }
}

// The other screen, without a cursor, where a line that is too long ends at the edge; and back.
const TAKE_OVER = '\x1b[?1049h\x1b[?25l\x1b[?7l'
const GIVE_BACK = '\x1b[?7h\x1b[?25h\x1b[?1049l'

const HOME = '\x1b[H'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'
