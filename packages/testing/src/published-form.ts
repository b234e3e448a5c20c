import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type TempDir, tempDir } from './temp-dir.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** A package of ours as it would be installed, with those of ours that it needs, where it can be looked at and run. */
export async function publishedForm(packageDir: string): Promise<TempDir> {
  const dir = await tempDir()
  const path = join(dir.path, 'package')
  // Beside the package, so that what is looked at is the package alone.
  await build(packageDir, path, join(dir.path, 'node_modules'))
  return { ...dir, path }
}

async function build(packageDir: string, path: string, modules: string): Promise<void> {
  const typescript = createRequire(join(ROOT, 'package.json')).resolve('typescript/package.json')
  // Not its `bin/tsc`: Node cannot load that beneath what a test runner lays over it.
  const tsc = join(dirname(typescript), 'lib/tsc.js')
  const project = join(packageDir, 'tsconfig.build.json')
  await promisify(execFile)(process.execPath, [tsc, '-p', project, '--outDir', join(path, 'dist')])
  const {
    publishConfig,
    devDependencies: _,
    ...manifest
  } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
  const { access: _access, ...published } = publishConfig
  await writeFile(join(path, 'package.json'), JSON.stringify({ ...manifest, ...published }))
  await cp(join(packageDir, 'README.md'), join(path, 'README.md'))
  for (const [name, version] of Object.entries<string>(manifest.dependencies)) {
    const installed = await realpath(join(packageDir, 'node_modules', name))
    const place = join(modules, name)
    await mkdir(dirname(place), { recursive: true })
    if (version.startsWith('workspace:')) await build(installed, place, modules)
    else await symlink(installed, place)
  }
}
