import { run } from '@crypto-signals/service'
import { buildGatewayProcess } from './app.ts'
import { GatewayProcessConfig } from './config.ts'

// Nearly all it holds are answers on their way: to look for garbage as often as beside a whole market more than doubled their cost.
await run('gateway', GatewayProcessConfig, buildGatewayProcess, { heapGrowingPercent: 100 })
