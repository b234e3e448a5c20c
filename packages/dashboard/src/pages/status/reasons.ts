import type { Words } from '../../language/en.ts'

type ReasonWords = Words['status']['reason']
type Say = (said: ReasonWords, parts: string[]) => string

// The server gives its reasons as sentences for whoever reads its log. These are they; `(.*)` at the end is a text of others.
const KNOWN: readonly [RegExp, Say][] = [
  [/^(database|bus|cache) does not answer$/, (say, [name = '']) => say.backing(name)],
  [/^([a-z-]+) is not ready(?:: (.*))?$/, (say, [name = '', why = '']) => say.notReady(name, why)],
  [/^(\d+) of (\d+) coins wait for their score$/, (say, [waiting = '', all = '']) => say.backlog(waiting, all)],
  [/^no market source has reported yet$/, (say) => say.noSource],
  [/^no source has told which coins there are$/, (say) => say.noList],
  [/^([a-z0-9-]+) is failing: (.*)$/, (say, [name = '', why = '']) => say.failing(name, why)],
  [/^([a-z0-9-]+) has not answered yet$/, (say, [name = '']) => say.silentSource(name)],
  [
    /^([a-z0-9-]+): first sweep, (\d+) of (\d+|\?) chunks$/,
    (say, [name = '', done = '', all = '']) => say.firstSweep(name, done, all),
  ],
  [/^([a-z0-9-]+): the next sweep is late$/, (say, [name = '']) => say.late(name)],
  [
    /^([a-z0-9-]+): its status has not been written for (\d+) min$/,
    (say, [name = '', minutes = '']) => say.unwritten(name, minutes),
  ],
  [/^(\d+) of (\d+) coins have no price younger than 8 h$/, (say, [old = '', all = '']) => say.stale(old, all)],
]

/** A reason of the health answer in the reader's language; one that the page does not know as the server says it. */
export function reasonText(reason: string, { status }: Words): string {
  for (const [pattern, say] of KNOWN) {
    const [, ...parts] = pattern.exec(reason) ?? [null]
    if (pattern.test(reason)) return say(status.reason, parts as string[])
  }
  return reason
}
