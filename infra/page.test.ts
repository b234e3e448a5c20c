import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { tempDir } from '../packages/testing/src/index.ts'

const { buildPage } = (await import(join(import.meta.dirname, 'page.mjs'))) as {
  buildPage: (root: string, node: string) => boolean
}

/** Stands for Vite: its page says how many sources there are, and one that is broken it does not build. */
const VITE = `
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const folder = process.argv[3]
const out = join(folder, process.argv[process.argv.indexOf('--outDir') + 1])
const sources = readdirSync(join(folder, 'src'))
if (sources.some((name) => readFileSync(join(folder, 'src', name), 'utf8') === 'broken')) {
  console.log('what is wrong')
  process.exit(1)
}
mkdirSync(join(out, 'assets'), { recursive: true })
writeFileSync(join(out, 'index.html'), sources.join() + ' ' + process.pid)`

t.test('the page is built when what it is made of has changed, and whole or not at all', async (t) => {
  await using dir = await tempDir()
  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(dir.path, file)), { recursive: true })
    writeFileSync(join(dir.path, file), text)
  }
  const page = join(dir.path, 'packages/dashboard/dist/index.html')
  const said: string[] = []
  t.intercept(process.stderr, 'write', { value: (text: string) => said.push(text) })
  /** What the page says, if it was built anew. */
  const built = () => {
    const before = existsSync(page) ? readFileSync(page, 'utf8') : ''
    said.length = 0
    t.ok(buildPage(dir.path, process.execPath))
    const now = readFileSync(page, 'utf8')
    t.equal(said.length > 0, now !== before, 'it is said when something is done')
    return now === before ? undefined : now.split(' ')[0]
  }
  put('packages/dashboard/node_modules/vite/bin/vite.js', VITE)
  put('packages/dashboard/src/a.ts', '1')
  put('packages/client/src/index.ts', '1')
  put('pnpm-lock.yaml', '1')
  put('tsconfig.json', '1')
  t.equal(built(), 'a.ts')
  t.equal(built(), undefined)
  for (const file of ['packages/dashboard/src/b.ts', 'packages/dashboard/index.html']) {
    put(file, '1')
    t.equal(built(), 'a.ts,b.ts', file)
  }
  for (const file of [
    'pnpm-lock.yaml',
    'tsconfig.json',
    'packages/client/src/index.ts',
    'packages/dashboard/src/a.ts',
  ]) {
    put(file, '2')
    t.equal(built(), 'a.ts,b.ts', file)
  }
  for (const file of ['packages/dashboard/README.md', 'packages/client/src/index.test.ts']) {
    put(file, '1')
    t.equal(built(), undefined, `${file} is no part of it`)
  }
  rmSync(dirname(page), { recursive: true })
  t.equal(built(), 'a.ts,b.ts', 'one that was removed is built again')

  put('packages/dashboard/src/a.ts', 'broken')
  const before = readFileSync(page, 'utf8')
  t.notOk(buildPage(dir.path, process.execPath))
  t.match(said.join(''), /what is wrong[\s\S]*could not be built/)
  t.equal(readFileSync(page, 'utf8'), before, 'what was there before still is')
  t.strictSame(readdirSync(join(dir.path, 'packages/dashboard/node_modules')), ['vite'], 'and nothing else')
  put('packages/dashboard/src/a.ts', 'mended')
  t.equal(built(), 'a.ts,b.ts')
})
