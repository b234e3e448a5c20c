import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir extends AsyncDisposable {
  readonly path: string
}

/** A directory of its own, removed with all that is in it: `await using dir = await tempDir()`. */
export async function tempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), 'crypto-signals-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The directory that was asked for, made if need be and kept; without one, a temporary one. */
export async function dirFor(path: string | undefined): Promise<TempDir> {
  if (path === undefined) return tempDir()
  await mkdir(path, { recursive: true })
  return { path, [Symbol.asyncDispose]: async () => {} }
}
