import { ACTION_FILTERS, TIMEFRAMES } from '@crypto-signals/client'
import { Argument, InvalidArgumentError, Option } from 'commander'

/** `--timeframe`, in small letters and with hyphens if one likes. */
export const timeframeOption = (description: string) =>
  oneOfOption('-t, --timeframe <horizon>', description, TIMEFRAMES)

export const filterOption = (description: string) => oneOfOption('-f, --filter <action>', description, ACTION_FILTERS)

export const oneOfOption = (flags: string, description: string, words: readonly string[]) =>
  new Option(flags, description).choices(words.map(spoken)).argParser(oneOf(words))

export const oneOfArgument = (name: string, description: string, words: readonly string[]) =>
  new Argument(name, description).choices(words.map(spoken)).argParser(oneOf(words))

/** A whole number within bounds. */
export const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  if (!/^\d{1,15}$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  return value
}

/** Any number. */
export function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** The id of an alert. */
export function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError('It must be the id of an alert, as alerts list tells it.')
  return text.toLowerCase()
}

/** A length of time such as `90s`, `30m`, `12h` or `7d`, in ms. */
export function span(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})(s|m|h|d)$/.exec(text) ?? []
  if (unit === '') throw new InvalidArgumentError('It must be a length of time such as 90s, 30m, 12h or 7d.')
  return Number(count) * (UNIT_MS[unit] ?? 0)
}

/** The address of a server, without a slash at its end. */
export function url(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : null
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol) || parsed.username !== '')
    throw new InvalidArgumentError('It must be an address such as http://localhost:3000.')
  return (parsed.origin + parsed.pathname).replace(/\/+$/, '')
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A word as it is offered to people. */
export const spoken = (word: string) => word.toLowerCase().replaceAll('_', '-')

const oneOf = (words: readonly string[]) => (text: string) => {
  const found = words.find((word) => spoken(word) === spoken(text))
  if (found === undefined) throw new InvalidArgumentError(`It must be one of ${words.map(spoken).join(', ')}.`)
  return found
}
