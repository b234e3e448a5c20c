import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedForm } from '@crypto-signals/testing'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import t from 'tap'

// That of the project, and the one which `npm test` was typed with: these programs are used without the project.
const NODES = new Set([process.execPath, process.env.npm_node_execpath ?? process.execPath])

t.test('what is published is in order and runs', async (t) => {
  await using dir = await publishedForm(join(import.meta.dirname, '..'))
  const manifest = JSON.parse(readFileSync(join(dir.path, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: dir.path, strict: true, pack: false })
  t.same(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  )
  for (const file of Object.values<string>(manifest.bin)) {
    const program = join(dir.path, file)
    t.match(readFileSync(program, 'utf8'), /^#!\/usr\/bin\/env node\n/)
    for (const node of NODES) {
      const { stdout, stderr } = spawnSync(node, [program, '--version'], { encoding: 'utf8' })
      t.equal(stdout, `${manifest.version}\n`, stderr)
      const refused = spawnSync(node, [program, '--url', 'nowhere', 'top'], { encoding: 'utf8' })
      t.match(refused, { status: 2, stderr: /address/ })
    }
  }
})
