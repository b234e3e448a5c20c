import './style/font.css'
import './style/tokens.css'
import './style/base.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { openMarket } from './market/market.ts'
import { startRouting } from './routing/route.ts'

startRouting()
openMarket()
render(<App />, document.getElementById('app') as HTMLElement)
