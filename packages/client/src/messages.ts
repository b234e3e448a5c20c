import { createParser } from 'eventsource-parser'
import { badAnswer } from './api-error.ts'
import type { MarketRow, StreamMessage } from './types.ts'

/** Characters of one message. The longest that servers send have about 200,000. */
const MAX_MESSAGE = 4 * 1_024 * 1_024

/** The messages in a stream of events whose text comes in pieces. Rejects at the first that is broken or too long; unknown ones are left out. */
export async function* messagesIn(
  text: AsyncIterable<string>,
  onRetry: (ms: number) => void,
): AsyncGenerator<StreamMessage, void> {
  let came: StreamMessage[] = []
  let fault: Error | undefined
  const parser = createParser({
    maxBufferSize: MAX_MESSAGE,
    onEvent: ({ event, id, data }) => {
      const message = fault === undefined && isKnown(event) ? messageOf(event, data) : undefined
      if (message instanceof Error) fault = message
      else if (message !== undefined) came.push(id === undefined ? message : { ...message, id })
    },
    onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded')
        fault ??= badAnswer(`A message of more than ${MAX_MESSAGE} characters`)
    },
  })
  for await (const piece of text) {
    parser.feed(piece)
    yield* came
    came = []
    if (fault !== undefined) throw fault
  }
}

type EventName = StreamMessage['event']

const isText = (value: unknown) => typeof value === 'string'
const isList = (value: unknown, isItem: (item: unknown) => boolean) => Array.isArray(value) && value.every(isItem)

/** Whether it is a row, by what makes it one of a coin: the server checks the rest. */
export const isRow = (value: unknown): value is MarketRow => isText(Object(value).coinId)

/** What this client relies on, of each message. */
const CHECKS: Record<EventName, (data: Record<string, unknown>) => boolean> = {
  hello: ({ version }) => isText(version),
  reset: () => true,
  changes: ({ version, rows, left, more }) =>
    isText(version) && isList(rows, isRow) && isList(left, isText) && typeof more === 'boolean',
  alert: ({ triggerId }) => isText(triggerId),
}

const isKnown = (event: string | undefined): event is EventName => event !== undefined && Object.hasOwn(CHECKS, event)

function messageOf(event: EventName, text: string): StreamMessage | Error {
  try {
    const data = JSON.parse(text)
    if (CHECKS[event](Object(data))) return { event, data }
    return badAnswer(`A message "${event}" that is none`)
  } catch (cause) {
    return badAnswer(`A message "${event}" that is no JSON`, { cause })
  }
}
