import { parseArgs } from 'node:util'
import { simulateDay } from './day.ts'
import { simulateMonth } from './month.ts'

const { values } = parseArgs({
  options: {
    month: { type: 'boolean', default: false },
    days: { type: 'string', default: '31' },
    only: { type: 'string', default: '' },
    day: { type: 'boolean', default: false },
    hours: { type: 'string', default: '2' },
    coins: { type: 'string', default: '17142' },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)

if (values.month) {
  const met = await simulateMonth({ days: Number(values.days), only: values.only, print })
  process.exitCode = met ? 0 : 1
} else if (values.day) {
  const good = await simulateDay({ hours: Number(values.hours), coins: Number(values.coins), tolerance: 0.05, print })
  process.exitCode = good ? 0 : 1
} else {
  print('usage: simulate --month [--days 31] [--only <part of a title>] | --day [--hours 2] [--coins 17142]')
  process.exitCode = 2
}
