// Puts what Vercel is to serve into .vercel/output (Build Output API 3): one function, bundled with all that it needs: there
// are no types left to strip there, no links between packages to follow, and few files to load.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ESBUILD = 'esbuild@0.28.0'
const HERE = import.meta.dirname
const OUTPUT = join(process.argv[2] ?? HERE, '.vercel', 'output')
const FUNCTION = join(OUTPUT, 'functions', 'query.func')

// The platform asks for a default export, and gives a moment's notice before it ends an instance.
const ENTRY = `import { createQueryFunction } from './query.ts'
const query = createQueryFunction(process.env)
process.on('SIGTERM', () => query[Symbol.asyncDispose]().finally(() => process.exit()))
export default query.handle
`

// Packages of the older kind call it, and bundles of the newer kind have none.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"

rmSync(OUTPUT, { recursive: true, force: true })
mkdirSync(FUNCTION, { recursive: true })
bundle()
write(join(FUNCTION, 'package.json'), { type: 'module' })
write(join(FUNCTION, '.vc-config.json'), {
  runtime: 'nodejs24.x',
  handler: 'index.js',
  launcherType: 'Nodejs',
  shouldAddHelpers: false,
  maxDuration: 30,
  memory: 1024,
})
write(join(OUTPUT, 'config.json'), {
  version: 3,
  routes: [{ src: '/.*', headers: { 'access-control-allow-origin': '*' }, dest: '/query' }],
})

function bundle() {
  const args = ['--bundle', '--platform=node', '--target=node24', '--format=esm', '--splitting', `--outdir=${FUNCTION}`]
  const named = ['--entry-names=index', `--banner:js=${REQUIRE}`, '--sourcefile=entry.ts', '--loader=ts']
  const options = { cwd: HERE, input: ENTRY, stdio: ['pipe', 'inherit', 'inherit'] }
  const { status } = spawnSync('npx', ['-y', ESBUILD, ...args, ...named, '--log-level=warning'], options)
  if (status !== 0) process.exit(status ?? 1)
}

function write(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}
