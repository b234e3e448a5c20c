import { run, serviceProcess } from '@crypto-signals/service'
import { buildScoring } from './app.ts'
import { ScoringConfig } from './config.ts'

await run('scoring', ScoringConfig, (config, surroundings) =>
  serviceProcess(config, surroundings, { needs: ['store', 'bus'], build: buildScoring }),
)
