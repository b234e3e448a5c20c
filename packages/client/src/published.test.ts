import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { NODES_OF_USERS, tempDir } from '@crypto-signals/testing'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import t from 'tap'

const PACKAGE = join(import.meta.dirname, '..')
const ROOT = join(PACKAGE, '../..')
const run = promisify(execFile)
const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

/** Packs the package as it is published, and installs it into an empty project at `into`. */
async function installed(into: string) {
  const { packageManager } = await readJson(join(ROOT, 'package.json'))
  const pack = ['-y', packageManager, 'pack', '--json', '--pack-destination', into]
  const { stdout } = await run('npx', pack, { cwd: PACKAGE })
  const { filename } = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1))
  const modules = join(into, 'node_modules')
  const target = join(modules, '@crypto-signals/client')
  await mkdir(target, { recursive: true })
  await run('tar', ['-xzf', filename, '--strip-components=1', '-C', target])
  const manifest = await readJson(join(target, 'package.json'))
  for (const name of Object.keys(manifest.dependencies))
    await symlink(join(PACKAGE, 'node_modules', name), join(modules, name))
  await writeFile(join(into, 'package.json'), '{"type":"module"}')
  return { manifest, tarball: await readFile(filename) }
}

const PROGRAM = `import { ApiError, createClient } from '@crypto-signals/client'
const client = createClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 })
const error = await client.coins.list().catch((error) => error)
console.log(error instanceof ApiError, error.code)
`

const TYPED = `import { createClient, type LiveMarket, type MarketRow, type StreamMessage } from '@crypto-signals/client'
const client = createClient({ baseUrl: 'http://127.0.0.1:3000' })
export const market: LiveMarket = client.liveMarket({ actions: ['strong_buy'], timeframe: 'SCALPING' })
market.subscribe(({ rows }: { rows: MarketRow[] }) => rows[0]?.changePct['24h']?.toFixed(2))
export const told = (message: StreamMessage) => (message.event === 'changes' ? message.data.rows.length : message.data)
const { data } = await client.signals.list({ filter: 'buy', limit: 5 })
export const why: string[] | undefined = data[0]?.breakdown.map(({ why }) => why)
// @ts-expect-error there is no such order
await client.signals.list({ sort: 'luck' })
`

/** A page, and a program without the types of a browser. */
const CONSUMERS = {
  bundler: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] },
}

t.test('what is published is in order, runs on its own and has types for everybody', async (t) => {
  await using dir = await tempDir()
  const { manifest, tarball } = await installed(dir.path)

  const packed = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length)
  const { messages } = await publint({ strict: true, pack: { tarball: packed } })
  t.strictSame(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  )
  t.strictSame(Object.keys(manifest.dependencies).sort(), ['eventsource-parser', 'openapi-fetch'])
  t.notMatch(JSON.stringify(manifest.dependencies), /catalog|workspace/)

  await writeFile(join(dir.path, 'program.js'), PROGRAM)
  for (const node of NODES_OF_USERS) {
    const { stdout } = await run(node, ['program.js'], { cwd: dir.path })
    t.equal(stdout, 'true NETWORK\n', node)
  }

  await writeFile(join(dir.path, 'typed.ts'), TYPED)
  const compilers = [PACKAGE, ROOT].map((folder) =>
    createRequire(join(folder, 'package.json')).resolve('typescript/package.json'),
  )
  for (const [name, options] of Object.entries(CONSUMERS)) {
    const project = join(dir.path, `${name}.json`)
    const typeRoots = [join(ROOT, 'node_modules/@types')]
    const compilerOptions = { target: 'es2022', strict: true, noEmit: true, skipLibCheck: false, typeRoots, ...options }
    await writeFile(project, JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    for (const compiler of compilers) {
      const { version } = await readJson(compiler)
      // Not its `bin/tsc`: Node cannot load that of TypeScript 7 beneath what a test runner lays over it.
      const faults = await run(process.execPath, [join(dirname(compiler), 'lib/tsc.js'), '-p', project]).then(
        () => '',
        ({ stdout, stderr }) => `${stdout}${stderr}`,
      )
      t.equal(faults, '', `${name}, TypeScript ${version}`)
    }
  }
})
