import '@fontsource-variable/inter/wght.css'
import './style/tokens.css'
import './style/base.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { startRouting } from './routing/route.ts'

startRouting()
render(<App />, document.getElementById('app') as HTMLElement)
