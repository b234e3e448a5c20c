/** A string of 1 to `maxLength` characters that can be stored, none of them a control character; else null. */
export function textOf(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text !== '' && text.length <= maxLength && text.isWellFormed() && !CONTROL.test(text) ? text : null
}

const CONTROL = /\p{Cc}/u

/** A coin's name or symbol in one line of what people see: anything else can make one coin look like another. Null if there is none. */
export function labelOf(value: unknown, maxLength: number): string | null {
  const text = textOf(value, MOST_UNSEEN * maxLength)
  if (text === null) return null
  const seen = PLAIN.test(text) ? text : text.replaceAll(UNSEEN, (run, emoji?: string) => emoji ?? spaceOf(run)).trim()
  return seen === '' || seen.length > maxLength ? null : seen
}

/** Whether an id names its coin wherever it stands: as people see it, and at the end of a path, where `..` leads elsewhere. */
export const isAddressable = (id: string): boolean =>
  !/^\.\.?$/.test(id) && labelOf(id, Number.POSITIVE_INFINITY) === id

const spaceOf = (run: string) => (/\s/.test(run) ? ' ' : '')

// As often as a text may be longer than what is seen of it.
const MOST_UNSEEN = 4

// Of nearly all, and much quicker to see.
const PLAIN = /^[!-~]+( [!-~]+)*$/

// As Unicode has it, and by hand the blanks that it counts as letters and signs; but an emoji is whole with what joins or colours it.
const UNSEEN = /(\p{RGI_Emoji})|[\u{16fe4}\u2800\u{13441}\u{13442}\u{1d159}\s\p{C}\p{Default_Ignorable_Code_Point}]+/gv
