import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { dirname, join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { Parser } from '@asyncapi/parser'
import { EVENTS, STREAM_MESSAGES } from '@crypto-signals/contracts'
import { tempDir } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { gateway } from '../test/gateway.ts'

const DOCUMENT = '<!doctype html><script type="module" src="/assets/index-Ab12_-9z.js"></script>'
const SCRIPT = 'console.log("Bitcoin")'.repeat(50)
const ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'

const PAGES = ['/', '/heatmap', '/coin/bitcoin', '/coin/a%2Fb', '/alerts', '/status', '/?sort=rank']

/** A page as its build leaves it, and a file beside it that nobody is to see. */
async function builtPage(t: Test): Promise<string> {
  const dir = await tempDir()
  t.teardown(() => dir[Symbol.asyncDispose]())
  const put = async (file: string, bytes: string | Buffer) => {
    await mkdir(dirname(join(dir.path, file)), { recursive: true })
    await writeFile(join(dir.path, file), bytes)
  }
  await put('secret.txt', 'secret')
  for (const [file, text] of Object.entries({
    'index.html': DOCUMENT,
    'assets/index-Ab12_-9z.js': SCRIPT,
    'assets/icon.svg': ICON,
  })) {
    await put(`dist/${file}`, text)
    await put(`dist/${file}.br`, brotliCompressSync(text))
    await put(`dist/${file}.gz`, gzipSync(text))
  }
  await put('dist/assets/letters-Cd34efGh.woff2', Buffer.from([1, 2, 3]))
  for (const hidden of ['.stamp', 'assets/.stamp']) await put(`dist/${hidden}`, 'x')
  return join(dir.path, 'dist')
}

const pageGateway = async (t: Test, env = {}) => (await gateway(t, env, { pageFolder: await builtPage(t) })).app

t.test('serves one document at each address of the page, to be asked for anew and under a strict policy', async (t) => {
  const app = await pageGateway(t)
  for (const url of PAGES) {
    const answer = await app.inject(url)
    t.strictSame([answer.statusCode, answer.body], [200, DOCUMENT], url)
    t.match(answer.headers, {
      'content-type': /^text\/html; charset=utf-8$/i,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    const known = await app.inject({ url, headers: { 'if-none-match': String(answer.headers.etag) } })
    t.strictSame([known.statusCode, known.body], [304, ''])
    t.equal((await app.inject({ url, method: 'HEAD' })).body, '')
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const refused = await app.inject({ url, method })
      t.strictSame([refused.statusCode, refused.headers.allow], [405, 'GET, HEAD'], `${method} ${url}`)
      t.equal(refused.json().code, 'HTTP_METHOD_NOT_ALLOWED')
    }
  }
  const paths = Object.keys((await app.inject('/api-docs/json')).json().paths)
  t.notOk(
    paths.some((path) => PAGES.includes(path) || path.startsWith('/assets')),
    'no part of the API',
  )
})

t.test('says to people with the page that there is none, and to programs in JSON', async (t) => {
  const app = await pageGateway(t)
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
  for (const url of ['/nowhere', '/coins/bitcoin', '/status/x?y=1']) {
    const page = await app.inject({ url, headers: { accept } })
    t.strictSame([page.statusCode, page.body], [404, DOCUMENT], url)
    t.match(page.headers, { 'cache-control': 'no-store', 'content-security-policy': /default-src 'none'/ })
    t.match(page.headers['content-type'], /^text\/html/)
    t.ok(page.headers['ratelimit-policy'], 'counted as all others')
    t.equal((await app.inject({ url, method: 'HEAD', headers: { accept } })).statusCode, 404)
    t.equal((await app.inject(url)).json().code, 'HTTP_NOT_FOUND')
  }
  for (const url of ['/api/nothing', '/api-docs/nothing', '/assets/none.js', '/%zz'])
    t.match((await app.inject({ url, headers: { accept } })).json(), { success: false }, url)
  for (const other of ['*/*', 'application/json', 'application/json, text/html;q=0', 'text/html-x', ''])
    t.match((await app.inject({ url: '/nowhere', headers: { accept: other } })).json(), { success: false }, other)
  for (const other of ['Text/HTML', 'application/json;q=0.1, text/html;q=0.9'])
    t.equal((await app.inject({ url: '/apix', headers: { accept: other } })).body, DOCUMENT, other)
  t.equal((await app.inject({ url: '/nowhere', method: 'POST', headers: { accept } })).json().code, 'HTTP_NOT_FOUND')
})

t.test('serves files for ever where the name tells the content, compressed as the build left them', async (t) => {
  const app = await pageGateway(t)
  const get = (url: string, encoding?: string) =>
    app.inject({ url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } })
  const url = '/assets/index-Ab12_-9z.js'
  const plain = await get(url)
  t.equal(plain.body, SCRIPT)
  t.match(plain.headers, { 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
  t.match(plain.headers['content-type'], /javascript/)
  t.match(plain.headers['content-security-policy'], /default-src 'none'/)
  for (const [encoding, decoded] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const answer = await get(url, `${encoding}, deflate`)
    t.equal(answer.headers['content-encoding'], encoding)
    t.match(answer.headers['content-type'], /javascript/)
    t.equal(decoded(answer.rawPayload).toString(), SCRIPT)
  }
  t.equal((await get(url, 'gzip, deflate, br')).headers['content-encoding'], 'br', 'the shortest')
  const icon = await get('/assets/icon.svg', 'br')
  t.match(
    icon.headers,
    { 'cache-control': 'no-cache', 'content-type': /svg/ },
    'its name may stand for another tomorrow',
  )
  const letters = await get('/assets/letters-Cd34efGh.woff2', 'br, gzip')
  t.strictSame([letters.rawPayload, letters.headers['content-encoding']], [Buffer.from([1, 2, 3]), undefined])
})

t.test('serves nothing but the files of the page, and says so in the words of the API', async (t) => {
  const app = await pageGateway(t)
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  /** Of the path as it is written here: others put it right first. */
  const get = async (path: string) => {
    const [answer] = (await once(request({ host: url.hostname, port: url.port, path }).end(), 'response')) as [
      IncomingMessage,
    ]
    const { statusCode, headers } = answer
    return { statusCode, type: headers['content-type'], body: Buffer.concat(await answer.toArray()).toString() }
  }
  t.equal((await get('/assets/icon.svg')).body, ICON)
  for (const path of [
    '/assets/index-Zz99zz99.js',
    '/assets/',
    '/assets',
    '/index.html',
    '/index.html.br',
    '/assets/icon.svg.br',
    '/assets/icon.svg.gz',
    '/coin/',
    '/.stamp',
    '/assets/.stamp',
    '/assets/./icon.svg',
    '/assets/%2e/icon.svg',
    '/assets/../secret.txt',
    '/../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets//index-Ab12_-9z.js',
    '/assets/index-Ab12_-9z.js%00',
    '/coin/a/b',
    '/elsewhere',
  ]) {
    const { statusCode, type, body } = await get(path)
    t.equal(statusCode, 404, path)
    t.match(type, /^application\/json/)
    t.match(JSON.parse(body), { success: false, code: 'HTTP_NOT_FOUND' })
    t.notMatch(body, /secret|dist/)
  }
})

t.test('counts a page as one request, however many files belong to it', async (t) => {
  const app = await pageGateway(t, { RATE_LIMIT_PER_MINUTE: 2 })
  t.equal((await app.inject('/')).headers.ratelimit, '"default";r=1;t=60')
  for (let i = 0; i < 5; i++) {
    const file = await app.inject('/assets/icon.svg')
    t.strictSame([file.statusCode, file.headers.ratelimit], [200, undefined])
  }
  t.equal((await app.inject('/nothing.js')).headers.ratelimit, '"default";r=0;t=60', 'but what is no file of it counts')
  t.equal((await app.inject('/alerts')).statusCode, 429)
})

t.test('serves what was built anew while it runs', async (t) => {
  const folder = await builtPage(t)
  const { app } = await gateway(t, {}, { pageFolder: folder })
  await writeFile(join(folder, 'index.html'), 'another')
  await writeFile(join(folder, 'assets/index-Ef56_-9z.js'), 'another script')
  t.equal((await app.inject('/')).body, 'another')
  t.equal((await app.inject('/assets/index-Ef56_-9z.js')).body, 'another script')
})

t.test('leads to the page of the API where no page was built', async (t) => {
  const { app } = await gateway(t)
  const answer = await app.inject('/')
  t.strictSame([answer.statusCode, answer.headers.location], [302, '/api-docs'])
  t.equal((await app.inject('/status')).statusCode, 404)
})

t.test('describes all events and streams as AsyncAPI, with the very schemas that check them', async (t) => {
  const { app } = await gateway(t, { API_URL: 'https://signals.example' })
  const answer = await app.inject('/api-docs/events')
  t.match(answer.headers['content-type'], /^application\/json/)
  const { document, diagnostics } = await new Parser().parse(answer.body)
  t.strictSame(
    diagnostics
      .filter(({ severity }) => [0, 1].includes(severity))
      .map(({ message, path }) => `${path.join('/')}: ${message}`),
    [],
  )
  t.equal(document?.version(), '3.0.0')
  const written = answer.json()
  t.equal(written.info.version, '1.2.3')
  const payloadOf = (message: string) => written.components.messages[message].payload
  for (const [name, { schema, wildcard }] of Object.entries(EVENTS)) {
    t.strictSame(payloadOf(name), JSON.parse(JSON.stringify(schema)), name)
    t.equal(written.channels[name].address.replace('{partition}', '*'), wildcard)
    t.equal('parameters' in written.channels[name], wildcard.endsWith('*'))
  }
  for (const [event, schema] of Object.entries(STREAM_MESSAGES)) {
    t.strictSame(payloadOf(`stream-${event}`), JSON.parse(JSON.stringify(schema)), event)
  }
  t.strictSame(
    Object.keys(written.components.messages).length,
    Object.keys(EVENTS).length + Object.keys(STREAM_MESSAGES).length,
  )
  t.match(written.servers, {
    http: { host: 'signals.example', protocol: 'https' },
    ws: { host: 'signals.example', protocol: 'wss' },
  })
  t.strictSame(
    [written.channels.stream.address, written.channels['stream-ws'].address],
    ['/api/stream', '/api/stream/ws'],
  )
})
