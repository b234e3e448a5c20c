import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '@crypto-signals/testing'

const DASHBOARD = join(import.meta.dirname, '../../../../packages/dashboard')

/** Builds the page unless it stands as its sources are. Test files that run at the same time build it once. */
export async function buildPage(): Promise<void> {
  if (isCurrent()) return
  await using _lock = await locked()
  if (isCurrent()) return
  const vite = join(DASHBOARD, 'node_modules/vite/bin/vite.js')
  try {
    await promisify(execFile)(process.execPath, [vite, 'build'], { cwd: DASHBOARD, timeout: BUILD_MS })
  } catch (error) {
    // Somebody builds by hand at this moment: his is as good as ours.
    if (!String(error).includes('another Vite build')) throw error
    await until(isCurrent, { timeoutMs: BUILD_MS })
  }
}

const BUILD_MS = 120_000

function isCurrent(): boolean {
  const built = statSync(join(DASHBOARD, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return sources().every((file) => statSync(file).mtimeMs <= built)
}

function sources(): string[] {
  const folders = ['src', 'public', '../client/src'].map((folder) => join(DASHBOARD, folder))
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map(({ parentPath, name }) => join(parentPath, name)),
  )
  return [...files, join(DASHBOARD, 'index.html'), join(DASHBOARD, 'vite.config.ts')]
}

/** Waits for its turn. Whoever died with the lock held it no longer than a build takes. */
async function locked(): Promise<AsyncDisposable> {
  const lock = join(DASHBOARD, 'node_modules/.building')
  await until(() => taken(lock), { timeoutMs: 2 * BUILD_MS })
  return { [Symbol.asyncDispose]: async () => rmdirSync(lock) }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > BUILD_MS) rmdirSync(lock)
    return false
  }
}
