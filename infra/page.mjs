// Builds the web page when what it is made of has changed since it was last built.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Leaves the page in packages/dashboard/dist and says whether it is there. Says nothing unless there is something to build, and
 * all that the build says when that fails. `node` is the program to build with.
 */
export function buildPage(root, node) {
  const folder = join(root, 'packages', 'dashboard')
  const [page, stamp] = [join(folder, 'dist'), join(folder, 'dist', '.stamp')]
  const wanted = digestOf(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  process.stderr.write('Building the web page ...\n')
  // Beside what is served now, and of its own: several may start at once.
  const beside = join('node_modules', `.page-${process.pid}`)
  const built = join(folder, beside)
  const vite = join(folder, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', folder, '--outDir', beside, '--emptyOutDir', '--logLevel', 'warn']
  const { status, stdout, stderr, error } = spawnSync(node, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) {
    rmSync(built, { recursive: true, force: true })
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\nThe web page could not be built.\n`)
    return false
  }
  writeFileSync(join(built, '.stamp'), wanted)
  replace(page, built)
  return true
}

const PACKAGES = ['packages/dashboard', 'packages/client']

/** Of all that the page is made of, the packages it is built with among it. */
function digestOf(root) {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'tsconfig.json', ...PACKAGES.flatMap((folder) => sourcesIn(root, folder))]) {
    const bytes = readFileSync(join(root, file))
    hash.update(`${file}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

function sourcesIn(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter(({ name }) => !ASIDE.test(name))
  return entries
    .flatMap((entry) => (entry.isDirectory() ? sourcesIn(root, `${folder}/${entry.name}`) : `${folder}/${entry.name}`))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

const ASIDE = /^(node_modules|dist|test|\..*|.*\.test\.tsx?|.*\.md)$/

/** There is no page for a moment only: a gateway may be serving it. */
function replace(page, built) {
  const old = `${built}-old`
  if (existsSync(page)) renameSync(page, old)
  renameSync(built, page)
  rmSync(old, { recursive: true, force: true })
}
