// What `npm start`, `npm test` and the other root commands run: nothing but Node 20 and npm is needed for it. It installs
// what is missing with a pinned pnpm, builds the web page if it has changed, then does the work with the Node version that the
// project brings along.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage } from './page.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'node_modules', '.bin')
const PNPM = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager
const OWN_NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const STAMP = join(ROOT, 'node_modules', '.installed-2')

const COMMANDS = {
  // Before any other command too.
  install: async () => {},
  // Before those that serve it too.
  page: async () => {},
  // Measured: 40 to 80 MB less memory, most of it while the machine is busy, for a sixth of the requests a second.
  start: (args) => run([node(), '--optimize-for-size', 'services/standalone/src/main.ts', ...args]),
  test: (args) => run([node(), 'infra/test.mjs', ...args]),
  check: (args) => run(['npx', '-y', PNPM, 'exec', 'turbo', 'run', ...CHECKS, ...args]),
  bench: (args) => run([node(), 'services/standalone/bench/main.ts', ...args]),
  simulate: (args) => run([node(), 'services/ingestion/simulate/main.ts', ...args]),
  chaos: (args) => run([node(), 'services/standalone/test/distributed/chaos.ts', ...args]),
  'db:migrate': (args) => run([node(), 'packages/store/src/migrate-main.ts', ...args]),
  openapi: (args) => run([node(), 'services/standalone/test/openapi-main.ts', ...args]),
  'dev:servers': (args) => run([node(), 'infra/dev/servers-main.ts', ...args]),
  'dev:distributed': (args) => run([node(), 'infra/dev/distributed-main.ts', ...args]),
}

const WITH_PAGE = ['page', 'start', 'test', 'bench', 'dev:distributed']

const CHECKS = ['format', 'lint', 'types', 'dead-code', 'boundaries'].map((name) => `check:${name}`)

const [command, ...args] = process.argv.slice(2)
if (COMMANDS[command] === undefined) {
  process.stderr.write(`usage: bootstrap.mjs ${Object.keys(COMMANDS).join(' | ')}\n`)
  process.exit(2)
}
install()
if (WITH_PAGE.includes(command) && !buildPage(ROOT, node())) process.exit(1)
await COMMANDS[command](args)

function install() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((name) => readFileSync(join(ROOT, name)))
  const wanted = createHash('sha256')
    .update(Buffer.concat(files))
    .update(process.platform + process.arch)
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  process.stderr.write('Installing packages (once, about 20 s) ...\n')
  must(['npx', '-y', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'])
  // Without this, tap's own TypeScript plugin stays on in spite of .taprc, and finds no tests under TypeScript 7.
  must([node(), join(BIN, '..', 'tap', 'dist', 'esm', 'run.mjs'), 'build'])
  linkNode()
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true })
  writeFileSync(STAMP, wanted)
}

/** npm finds `node` in .bin from the second start on. pnpm puts a shell script there, which would keep npm's signals from this process. */
function linkNode() {
  if (process.platform === 'win32' || !existsSync(OWN_NODE)) return
  rmSync(join(BIN, 'node'), { force: true })
  symlinkSync('../node/bin/node', join(BIN, 'node'))
}

/** The Node that the project brings along; this one where it is new enough and the other could not be installed. */
function node() {
  if (existsSync(OWN_NODE)) return OWN_NODE
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  process.stderr.write('Node 24 is needed, and could not be installed: is the npm registry reachable?\n')
  return process.exit(1)
}

function must([program, ...args]) {
  const { status } = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(),
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** Runs to the end as if it were this process: same streams, same signals, same exit, and no longer than its parent. */
function run([program, ...args]) {
  // The channel says nothing: the child sees by its end that this process was killed.
  const child = spawn(program, args, { cwd: ROOT, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: environment() })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128)
      resolve()
    })
  })
}

function environment() {
  // What was compiled once need not be again: a start takes half as long.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled')
  return { ...process.env, NODE_COMPILE_CACHE, PATH: `${BIN}${delimiter}${process.env.PATH}` }
}
