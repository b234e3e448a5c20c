import { simulateDay } from './day.ts'
import { simulateMonth } from './month.ts'
import { readOptions } from './options.ts'

const options = readOptions(process.argv.slice(2))
const print = (line: string) => process.stdout.write(`${line}\n`)

if (options.what === 'month') {
  process.exitCode = (await simulateMonth({ ...options, print })) ? 0 : 1
} else if (options.what === 'day') {
  process.exitCode = (await simulateDay({ ...options, tolerance: 0.05, print })) ? 0 : 1
} else {
  process.stderr.write(`${options.message}\n`)
  process.exitCode = 2
}
