import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'

/**
 * Text from outside as one line that cannot steer a terminal: no escapes, no control or format characters, none that turn the
 * direction of writing. Text written from right to left stays within marks, so that it does not turn what stands beside it.
 */
export function clean(text: string): string {
  const line = stripVTControlCharacters(text.toWellFormed()).replaceAll(SPACE, ' ').replaceAll(STEERING, '').trim()
  return RIGHT_TO_LEFT.test(line) ? `${LEFT_TO_RIGHT_MARK}${line}${LEFT_TO_RIGHT_MARK}` : line
}

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

/** JSON in one line whose characters cannot steer a terminal either. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const LEFT_TO_RIGHT_MARK = '\u200e'

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

const SPACE = /[\s\u2028\u2029]+/gu

// U+200D joins the parts of an emoji, and does nothing else. Format characters beyond U+FFFF only tag the text, or flags.
const STEERING = /[\p{Cc}\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
