import './app.css'
import { words } from './language/words.ts'
import { MarketPage } from './pages/market/market-page.tsx'
import { lazy } from './pieces/lazy.tsx'
import { Notice } from './pieces/panel.tsx'
import { PATHS, route } from './routing/route.ts'
import { Banner } from './shell/banner.tsx'
import { Boundary } from './shell/boundary.tsx'
import { Footer } from './shell/footer.tsx'
import { Header } from './shell/header.tsx'
import { Toasts } from './shell/toasts.tsx'

/** The page: what stands on every screen, and the screen that the address names. */
export function App() {
  const { shell } = words.value
  return (
    <>
      <a class="skip" href="#content">
        {shell.skip}
      </a>
      <Header />
      <Banner />
      <main id="content" tabIndex={-1}>
        <Boundary key={JSON.stringify(route.value)}>
          <Screen />
        </Boundary>
      </main>
      <Footer />
      <Toasts />
    </>
  )
}

const HeatMapPage = lazy(async () => (await import('./pages/heat-map/heat-map-page.tsx')).HeatMapPage)
const CoinPage = lazy(async () => (await import('./pages/coin/coin-page.tsx')).CoinPage)
const AlertsPage = lazy(async () => (await import('./pages/alerts/alerts-page.tsx')).AlertsPage)
const StatusPage = lazy(async () => (await import('./pages/status/status-page.tsx')).StatusPage)

function Screen() {
  const { shell } = words.value
  const { value } = route
  if (value.page === 'market') return <MarketPage />
  if (value.page === 'heat-map') return <HeatMapPage />
  if (value.page === 'coin') return <CoinPage coinId={value.coinId} />
  if (value.page === 'alerts') return <AlertsPage />
  if (value.page === 'status') return <StatusPage />
  return (
    <Notice title={shell.notFound}>
      <p>{shell.notFoundWhy}</p>
      <a class="button" href={PATHS.market}>
        {shell.toMarket}
      </a>
    </Notice>
  )
}
