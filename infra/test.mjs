// Runs the whole suite once and ends with a line of the true totals.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUTPUT = `${ROOT}/.tap/output.tap`
const TAP = `${ROOT}/node_modules/tap/dist/esm/run.mjs`

mkdirSync(`${ROOT}/.tap`, { recursive: true })
const args = [TAP, '--reporter=terse', `--output-file=${OUTPUT}`, ...process.argv.slice(2)]
const code = await new Promise((resolve) =>
  spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).on('exit', resolve),
)

const lines = readFileSync(OUTPUT, 'utf8').split('\n')
const skips = lines.filter((line) => /^\s*ok .* # SKIP/i.test(line)).map((line) => line.replace(/^.*# SKIP\s*/i, ''))
for (const reason of new Set(skips)) process.stdout.write(`skipped: ${reason}\n`)
for (const line of lines.filter((line) => /^\s*not ok /.test(line))) process.stdout.write(`${line.trim()}\n`)
const totals = totalsOf(lines)
// The reporter leaves its last line open.
process.stdout.write(
  `\n${totals.pass} passed, ${totals.fail} failed${totals.skip > 0 ? `, ${totals.skip} skipped` : ''}\n`,
)
process.exitCode = code === 0 && totals.fail === 0 && totals.pass > 0 ? 0 : 1

/** The last summary of the run, for example `# { total: 9, pass: 8, fail: 1 }`. */
function totalsOf(all) {
  const summary = all.findLast((line) => line.startsWith('# { total: ')) ?? ''
  const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  return { pass: count('pass'), fail: count('fail'), skip: count('skip') + count('todo') }
}
