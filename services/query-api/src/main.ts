import { run, serviceProcess } from '@crypto-signals/service'
import { buildQueryApi } from './app.ts'
import { QueryApiConfig } from './config.ts'

// Once it holds the market in memory, it can answer without any engine.
await run('query-api', QueryApiConfig, (config, surroundings) =>
  serviceProcess(config, surroundings, { needs: [], build: buildQueryApi }),
)
