import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { publishedForm } from './published-form.ts'

/** That what is published of a package is in order, and that its programs run, and refuse `misuse` after a wrong `--url`. */
export async function publishedPrograms(t: Test, packageDir: string, misuse: readonly string[] = []): Promise<void> {
  // Loaded here, where alone it is needed: this package is part of nearly every test.
  const [{ publint }, { formatMessage }] = await Promise.all([import('publint'), import('publint/utils')])
  await using dir = await publishedForm(packageDir)
  const manifest = JSON.parse(readFileSync(join(dir.path, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: dir.path, strict: true, pack: false })
  t.same(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  )
  for (const file of Object.values<string>(manifest.bin)) {
    const program = join(dir.path, file)
    t.match(readFileSync(program, 'utf8'), /^#!\/usr\/bin\/env node\n/)
    for (const node of NODES_OF_USERS) {
      const { stdout, stderr } = spawnSync(node, [program, '--version'], { encoding: 'utf8' })
      t.equal(stdout, `${manifest.version}\n`, stderr)
      const refused = spawnSync(node, [program, '--url', 'nowhere', ...misuse], { encoding: 'utf8' })
      t.match(refused, { status: 2, stderr: /address/ })
    }
  }
}

/** The Node of the project, and the one which `npm test` was typed with: what is published is used without the project. */
export const NODES_OF_USERS: ReadonlySet<string> = new Set([
  process.execPath,
  process.env.npm_node_execpath ?? process.execPath,
])
