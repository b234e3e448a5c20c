import { httpError } from '@crypto-signals/service'
import type { FastifyInstance } from 'fastify'

/** Lets `app` read JSON bodies and nothing else, and none that names a field twice: readers differ in which of the two counts. */
export function readStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    void parse(request, text, (error, body) => {
      if (error !== null || keysIn(text) === keysOf(body)) return done(error, body)
      done(httpError('HTTP_INVALID_BODY', [{ path: 'body', message: 'names a field twice' }]))
    })
  })
}

/** How many fields a JSON text names: its strings that a colon follows. */
function keysIn(text: string): number {
  let count = 0
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) count++
  return count
}

/** How many fields a parsed value has, at any depth; without recursion, for the depth is the sender's choice. */
function keysOf(body: unknown): number {
  let count = 0
  const found = [body]
  for (const value of found) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) count += Object.keys(value).length
    found.push(...Object.values(value))
  }
  return count
}
