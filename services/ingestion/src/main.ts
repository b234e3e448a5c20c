import { run, serviceProcess } from '@crypto-signals/service'
import { buildIngestion, openSources } from './app.ts'
import { IngestionProcessConfig, intervalsOf } from './config.ts'

await run('ingestion', IngestionProcessConfig, (config, surroundings) =>
  serviceProcess(config, surroundings, {
    needs: ['store', 'bus'],
    build: (ports, { simulated }) =>
      buildIngestion(ports, {
        openSources: () => openSources(config, { clock: ports.clock, log: ports.log, simulated }),
        intervals: intervalsOf(config),
      }),
  }),
)
