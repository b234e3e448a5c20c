import { callsOf } from './calls.ts'
import type { Client, ClientOptions } from './client.ts'
import { type Clock, systemClock } from './clock.ts'
import { openLiveMarket } from './live-market.ts'
import { createQuestions } from './questions.ts'
import { openExport } from './rows.ts'
import { followStream } from './stream.ts'
import { createTransport } from './transport.ts'

/** Asks nothing before a method is called. Throws when `baseUrl` is no address. */
export const createClient = (options: ClientOptions): Client =>
  clientWith(options, { clock: systemClock, random: Math.random })

/** The same in a time and with a chance of one's own. */
export function clientWith(options: ClientOptions, { clock, random }: { clock: Clock; random: () => number }): Client {
  const { headers = {}, retries = 2, timeoutMs = 10_000 } = options
  const fetch: typeof globalThis.fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init)
  const transport = createTransport({ fetch, retries, timeoutMs, clock, random })
  const questions = createQuestions(options.baseUrl, headers)

  const exportRows: Client['exportRows'] = (filter = {}, { signal } = {}) =>
    openExport(transport, questions.export(filter, signal), timeoutMs)
  const stream: Client['stream'] = (filter = {}, settings = {}) =>
    followStream(
      { transport, clock, random, requestOf: (cursor, signal) => questions.stream(filter, cursor, signal) },
      settings,
    )
  return {
    baseUrl: questions.baseUrl,
    ...callsOf(questions.baseUrl, headers, transport),
    exportRows,
    stream,
    liveMarket: (filter = {}, settings = {}) =>
      openLiveMarket(
        {
          exportRows: (signal) => exportRows(filter, { signal }),
          stream: (followed) => stream(filter, followed),
          clock,
          random,
        },
        settings,
      ),
  }
}
