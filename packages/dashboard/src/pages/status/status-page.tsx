import './status-page.css'
import { useEffect } from 'preact/hooks'
import { api } from '../../api.ts'
import { words } from '../../language/words.ts'
import { LoadedView, useLoaded } from '../../pieces/loaded.tsx'
import { Panel } from '../../pieces/panel.tsx'
import { Credits } from './credits.tsx'
import { Engines, Services } from './engines.tsx'
import { Freshness } from './freshness.tsx'
import { askReadiness } from './readiness.ts'
import { SourceTable } from './source-table.tsx'
import { Verdict } from './verdict.tsx'

const EVERY_MS = 5_000

/** How the system is, and how much it knows. */
export function StatusPage() {
  const { status } = words.value
  const health = useLoaded({ key: 'health', ask: () => api.health(), everyMs: EVERY_MS })
  const services = useLoaded({ key: 'services', ask: askReadiness, everyMs: EVERY_MS })
  const coverage = useLoaded({ key: 'coverage', ask: () => api.coverage(), everyMs: EVERY_MS })
  const sources = useLoaded({ key: 'sources', ask: () => api.sources(), everyMs: EVERY_MS })
  useEffect(() => {
    document.title = `${status.title} · Crypto Signals`
  }, [status.title])
  const inUse = new Map(coverage.data?.data.sources.map(({ source, priced }) => [source, priced]))
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{status.title}</h1>
          <p>{status.intro}</p>
        </div>
      </div>
      <div class={health.error === null ? 'status' : 'status status-gone'}>
        <LoadedView loaded={health} lines={3}>
          {(data) => <Verdict health={data} isGone={health.error !== null} />}
        </LoadedView>
        <div class="status-pair">
          <Panel title={status.engines}>
            <LoadedView loaded={health} lines={3}>
              {(data) => <Engines health={data} />}
            </LoadedView>
          </Panel>
          <Panel title={status.services}>
            <LoadedView loaded={services} lines={4}>
              {(data) => <Services services={data} />}
            </LoadedView>
          </Panel>
        </div>
        <Panel title={status.freshness}>
          <LoadedView loaded={coverage} lines={6}>
            {({ data }) => <Freshness coverage={data} />}
          </LoadedView>
        </Panel>
        <Panel title={status.sources}>
          <LoadedView loaded={sources} lines={8}>
            {({ data }) => <SourceTable sources={data} inUse={inUse} />}
          </LoadedView>
        </Panel>
        <Panel title={status.attribution}>
          <LoadedView loaded={sources} lines={2}>
            {({ data }) => <Credits sources={data} />}
          </LoadedView>
        </Panel>
      </div>
    </>
  )
}
