import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'

/**
 * Text from outside as one line that cannot steer a terminal: no escapes, and nothing but what a person sees of it. Text written
 * from right to left stays within marks, so that it does not turn what stands beside it.
 */
export function clean(text: string): string {
  const line = stripVTControlCharacters(text.toWellFormed())
    .replaceAll(UNSEEN, (run, emoji?: string) => emoji ?? (/\s/.test(run) ? ' ' : ''))
    .trim()
  return RIGHT_TO_LEFT.test(line) ? `${LEFT_TO_RIGHT_MARK}${line}${LEFT_TO_RIGHT_MARK}` : line
}

/** A line of ours without whatever came into it that steers a terminal; our colours stay, where there are any. */
export const harmless = (line: string, colour = true): string =>
  line.replaceAll(STEERING, (run) => (colour && run.startsWith(COLOUR) ? run : ''))

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => stringWidth(text)

/** The text in at most this many columns; what is missing is shown by an ellipsis. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += widthOf(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…${text.endsWith(LEFT_TO_RIGHT_MARK) ? LEFT_TO_RIGHT_MARK : ''}`
}

/** The text in exactly this many columns. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns)
  const space = ' '.repeat(Math.max(0, columns - widthOf(shown)))
  return align === 'left' ? shown + space : space + shown
}

/** JSON in one line, of the same value, in which all that cannot be seen is escaped. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replaceAll(UNSEEN, (run, emoji?: string) => emoji ?? run.replaceAll(/[^ ]/g, escaped))

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const LEFT_TO_RIGHT_MARK = '\u200e'

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

// Unseen is what Unicode says of it, so that no list has to be kept; by hand only blanks that it counts as letters and signs:
// of Khitan, Braille, hieroglyphs and of musical notes. Within an emoji that all know it joins or colours what is seen.
const UNSEEN = /(\p{RGI_Emoji})|[\u{16fe4}\u2800\u{13441}\u{13442}\u{1d159}\s\p{C}\p{Default_Ignorable_Code_Point}]+/gv

// What a terminal takes for orders or a change of direction, but for those of `paintOf` and of `clean`.
const COLOUR = '\x1b['
const STEERING = /\p{Cc}\[(?:1|2|22|31|32|33|39)m|[\p{Cc}\p{Zl}\p{Zp}[\p{Bidi_Control}--\u200e]]/gv

// The blocks that Unicode keeps for scripts of this direction.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
