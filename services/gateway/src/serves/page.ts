import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

/** Where the files of the page lie, other than the page itself. */
export const ASSETS_PATH = '/assets/'

/**
 * The web page that was built into `folder`: one document at all of its addresses, and its files, compressed where the build did so.
 * Where none was built, `/` leads to the page of the API.
 */
export function pageRoutes(folder: string): FastifyPluginAsync {
  return async (app) => {
    if (!existsSync(join(folder, DOCUMENT))) {
      app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/api-docs'))
      return
    }
    // A path that is not written as one of ours would be is not refused, it is none.
    app.setErrorHandler(async (error: FastifyError, _request, reply) => {
      if (error.statusCode !== 403) throw error
      return reply.callNotFound()
    })
    await app.register(fastifyStatic, {
      root: join(folder, ASSETS_PATH),
      prefix: ASSETS_PATH,
      index: false,
      dotfiles: 'ignore',
      preCompressed: true,
      allowedPath: (path) => !COMPRESSED.test(path),
      cacheControl: false,
      setHeaders,
    })
    for (const url of ADDRESSES) {
      app.get(url, { schema: { hide: true } }, async (_request, reply) => reply.sendFile(DOCUMENT, folder))
    }
  }
}

/** Answers 404 to people with the page, which says so in their language; programs and paths of the API have the JSON of everything else. */
export function pageForNothing(app: FastifyInstance, folder: string): void {
  const path = join(folder, DOCUMENT)
  if (!existsSync(path)) return
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || !isForPeople(request)) return undefined
    const document = await readFile(path)
    setHeaders(reply, path)
    return reply.code(404).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(document)
  })
}

// Another URL than was asked for stands for one that cannot be read.
const isForPeople = ({ method, url, originalUrl, headers }: FastifyRequest) =>
  (method === 'GET' || method === 'HEAD') &&
  url === originalUrl &&
  !OF_PROGRAMS.test(url) &&
  takesHtml(headers.accept?.toLowerCase() ?? '')

const OF_PROGRAMS = /^\/api(-docs)?([/?]|$)/

const takesHtml = (accept: string) =>
  accept.split(',').some((kind) => /^\s*text\/html\s*(;|$)/.test(kind) && !/;\s*q=0(\.0*)?\s*$/.test(kind))

const DOCUMENT = 'index.html'

/** Of the page's own router. */
const ADDRESSES = ['/', '/heatmap', '/coin/:coinId(.+)', '/alerts', '/status']

// Forms of a file, and no files of their own.
const COMPRESSED = /\.(br|gz)$/

function setHeaders(reply: FastifyReply, path: string): void {
  const isLasting = HASHED.test(path.replace(COMPRESSED, ''))
  reply.header('cache-control', isLasting ? 'public, max-age=31536000, immutable' : 'no-cache')
  reply.header('content-security-policy', POLICY)
}

// The name of a file of the build says what is in it.
const HASHED = /-[\w-]{8}\.[a-z0-9]+$/

/** Nothing is loaded from elsewhere, nothing in the document itself is run, and nobody shows it in a page of his. */
const POLICY = [
  "default-src 'none'",
  ...['script', 'style', 'font', 'connect', 'manifest'].map((kind) => `${kind}-src 'self'`),
  "img-src 'self' data:",
  ...['base-uri', 'form-action', 'frame-ancestors'].map((what) => `${what} 'none'`),
].join('; ')
