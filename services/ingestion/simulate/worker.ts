import { readIds } from './ids.ts'
import { modelWorldOf } from './model-world.ts'
import { play } from './run.ts'
import type { Scenario } from './scenarios.ts'
import { ageRowsOf, isMet, violationsOf } from './statistics.ts'
import { linesOf } from './table.ts'

/** What a scenario came to, in words. */
export interface Played {
  lines: string[]
  met: boolean
}

const SAMPLES = 300

// Nobody is left to tell.
process.once('disconnect', () => process.exit())

const world = modelWorldOf((await readIds()).coins)
const startedAt = performance.now()
const outcome = await play(JSON.parse(process.argv[2] ?? '') as Scenario, world, SAMPLES)
const ages = ageRowsOf(outcome, world)
const took = `  (simulated in ${Math.round((performance.now() - startedAt) / 1_000)} s)`
const played: Played = {
  lines: [...linesOf(outcome, ages), took],
  met: violationsOf(outcome) === 0 && ages.every(isMet),
}
process.send?.(played, () => process.disconnect())
