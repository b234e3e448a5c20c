import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedForm } from '@crypto-signals/testing'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import t from 'tap'

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
    const { stdout, stderr } = spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' })
    t.equal(stdout, `${manifest.version}\n`, stderr)
  }
})
