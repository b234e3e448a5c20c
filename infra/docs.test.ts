import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DOCUMENTS = globSync(['*.md', 'infra/**/*.md', 'packages/*/*.md', 'services/*/*.md'], { cwd: ROOT })
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The folders and files of the repository that a document names, in links and as `code`. */
function pathsIn(document: string): string[] {
  const text = read(document)
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) =>
    join(dirname(document), link ?? ''),
  )
  const code = [...text.matchAll(/`((?:services|packages|infra|\.ci)\/[^`\s*<>{}$]+)`/g)].map(([, path]) => path ?? '')
  return [...links, ...code]
}

t.test('every service and package says in a README what it is', async (t) => {
  for (const folder of globSync(['services/*/', 'packages/*/'], { cwd: ROOT })) {
    t.ok(existsSync(join(ROOT, folder, 'README.md')), folder)
  }
})

t.test('every path that a document names exists', async (t) => {
  for (const document of DOCUMENTS) {
    for (const path of pathsIn(document)) t.ok(existsSync(join(ROOT, path)), `${document} names ${path}`)
  }
})

t.test('the error codes in the READMEs are exactly those in the code', async (t) => {
  for (const source of globSync(['services/*/src/errors.ts', 'packages/service/src/errors.ts'], { cwd: ROOT })) {
    const codes = (text: string) => [...new Set(text.match(/\b(?:HTTP|QUERY|ALERTING|GATEWAY)_[A-Z_]+\b/g))].sort()
    const readme = join(source, '..', '..', 'README.md')
    const own = codes(read(source)).filter((code) => !code.endsWith('_ERRORS'))
    t.ok(own.length > 0, source)
    t.strictSame(
      codes(read(readme)).filter((code) => own.includes(code)),
      own,
      readme,
    )
    const prefix = own[0]?.split('_')[0]
    t.strictSame(
      codes(read(readme)).filter((code) => code.startsWith(`${prefix}_`)),
      own,
      `${readme} names no other`,
    )
  }
})

/** The variables that a document's tables list, error codes left out. */
const variablesIn = (document: string) =>
  [...read(document).matchAll(/^\|((?: `[A-Z][A-Z0-9_]+`,?)+) \|/gm)]
    .flatMap(([, cell = '']) => cell.match(/[A-Z][A-Z0-9_]+/g) ?? [])
    .filter((name) => !/^(HTTP|QUERY|ALERTING)_/.test(name) || name.endsWith('_URL'))

t.test(
  'every environment variable of the one-process form stands in the operations manual, and no other',
  async (t) => {
    const { StandaloneConfig } = await import('../services/standalone/src/config.ts')
    t.strictSame(new Set(variablesIn('infra/docs/operations.md')), new Set(Object.keys(StandaloneConfig.properties)))
  },
)

t.test('every variable of a service stands in its README or in that of all processes, and no other', async (t) => {
  const { processEnvironment } = await import('../packages/service/src/environment.ts')
  const shared = variablesIn('packages/service/README.md')
  t.strictSame(new Set(shared), new Set(Object.keys(processEnvironment(0))))
  for (const path of globSync('services/!(standalone)/src/config.ts', { cwd: ROOT })) {
    const config = (await import(join(ROOT, path))) as Record<string, { properties?: object }>
    const known = Object.values(config).flatMap(({ properties = {} }) => Object.keys(properties))
    const told = variablesIn(join(dirname(path), '..', 'README.md'))
    t.strictSame(new Set([...shared, ...told]), new Set([...shared, ...known]), path)
  }
})

t.test('the npm scripts that documents name exist', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const document of DOCUMENTS) {
    for (const [, script] of read(document).matchAll(/\b(?:npm run|pnpm) ([a-z][a-z:-]*)/g)) {
      if (script !== undefined && !['exec', 'install'].includes(script))
        t.ok(scripts[script], `${document} names ${script}`)
    }
  }
})

t.test('the scripts of single packages that documents name exist, of each service where any is meant', async (t) => {
  const folders = globSync(['services/*/package.json', 'packages/*/package.json'], { cwd: ROOT })
  const packages = folders.map((path) => ({ path, ...(JSON.parse(read(path)) as { name: string; scripts?: object }) }))
  for (const document of DOCUMENTS) {
    for (const [, name = '', script = ''] of read(document).matchAll(/\bpnpm --filter (\S+) ([a-z][a-z:-]*)/g)) {
      const meant = packages.filter(
        (each) => each.name === name || (name.includes('<') && each.path.startsWith('serv')),
      )
      t.ok(meant.length > 0, `${document} names ${name}`)
      for (const each of meant) t.ok(script in (each.scripts ?? {}), `${document} names ${script} of ${each.name}`)
    }
  }
})

t.test('every metric that a document names is one that a service keeps', (t) => {
  const sources = globSync(['services/*/src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: ROOT }).map(read)
  for (const document of DOCUMENTS) {
    for (const [, name] of read(document).matchAll(
      /`((?:ingestion|scoring|query|alerting|gateway|http)_[a-z0-9_]+)/g,
    )) {
      t.ok(
        sources.some((source) => source.includes(`'${name}'`)),
        `${document} names ${name}`,
      )
    }
  }
  t.end()
})
