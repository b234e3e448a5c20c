import { run, serviceProcess } from '@crypto-signals/service'
import { buildAlerting } from './app.ts'
import { AlertingConfig } from './config.ts'

// Rules can be read and set without the bus; what fires meanwhile is told when it is back.
await run('alerting', AlertingConfig, (config, surroundings) =>
  serviceProcess(config, surroundings, {
    needs: ['store'],
    build: (ports, { simulated }) => buildAlerting(ports, { simulated, maxAlerts: config.MAX_ALERTS }),
  }),
)
