import t from 'tap'
import { onPage } from './on-page.ts'
import { ALERTS_AND_STATUS } from './scenes/alerts-and-status.ts'
import { HEAT_MAP_AND_COIN } from './scenes/heat-map-and-coin.ts'
import { MARKET } from './scenes/market.ts'

await onPage(t, { ...MARKET, ...HEAT_MAP_AND_COIN, ...ALERTS_AND_STATUS })
