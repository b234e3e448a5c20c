import { styleText } from 'node:util'

/** Puts colour on text, or not. */
export interface Paint {
  bold: (text: string) => string
  dim: (text: string) => string
  good: (text: string) => string
  bad: (text: string) => string
  warn: (text: string) => string
  /** By its sign: good above zero, bad below, plain at zero and where unknown. */
  signed: (value: number | null) => (text: string) => string
}

export function paintOf(colour: boolean): Paint {
  const styled = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    colour && text !== '' ? styleText(style, text, { validateStream: false }) : text
  const [good, bad] = [styled('green'), styled('red')]
  return {
    bold: styled('bold'),
    dim: styled('dim'),
    good,
    bad,
    warn: styled('yellow'),
    signed: (value) => (value === null || value === 0 ? plain : value > 0 ? good : bad),
  }
}

/** Leaves text as it is. */
export const plain = (text: string): string => text

/** Whether to use colour: `--no-color`, then NO_COLOR, then FORCE_COLOR decide, then whether a terminal shows it. */
export function wantsColour(asked: boolean, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (!asked || env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}
