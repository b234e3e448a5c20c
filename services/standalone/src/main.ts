import { run } from '@crypto-signals/service'
import { buildStandalone } from './app.ts'
import { StandaloneConfig } from './config.ts'

await run('crypto-signals', StandaloneConfig, buildStandalone)
