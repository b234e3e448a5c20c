import './alerts-page.css'
import { useEffect, useState } from 'preact/hooks'
import { wishFor } from '../../alerts/coins.ts'
import { api } from '../../api.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'
import { fired } from '../../market/market.ts'
import { LoadedView, useLoaded } from '../../pieces/loaded.tsx'
import { Pager } from '../../pieces/pager.tsx'
import { Panel } from '../../pieces/panel.tsx'
import { AlertForm } from './alert-form.tsx'
import { AlertList } from './alert-list.tsx'
import { FiredList } from './fired-list.tsx'

const PER_PAGE = 20
const EVERY_MS = 20_000

/** Alerts: set one, see all, see what fired. What fires while the page is open is shown at once. */
export function AlertsPage() {
  const { alerts } = words.value
  const [page, goPage] = useState(1)
  const [firedPage, goFired] = useState(1)
  const [isNewest, setNewest] = useState<string | null>(null)
  const set = useLoaded({
    key: `alerts ${page}`,
    ask: () => api.alerts.list({ page, limit: PER_PAGE }),
    everyMs: EVERY_MS,
  })
  const firings = useLoaded({
    key: `fired ${firedPage}`,
    ask: () => api.alerts.triggered({ page: firedPage, limit: PER_PAGE }),
    everyMs: EVERY_MS,
  })
  useEffect(() => {
    document.title = `${alerts.title} · Crypto Signals`
  }, [alerts.title])
  const newest = fired.value[0]?.triggerId
  useEffect(() => {
    if (newest === undefined) return
    set.again()
    firings.again()
  }, [newest])
  useEffect(() => {
    wishFor(
      'lists',
      [...(set.data?.data ?? []), ...(firings.data?.data ?? [])].map(({ coinId }) => coinId),
    )
  }, [set.data, firings.data])
  // The last alert of the last page was deleted: there is no such page any more.
  const pages = set.data?.pagination.total_pages ?? 1
  useEffect(() => {
    if (page > Math.max(1, pages)) goPage(Math.max(1, pages))
  }, [page, pages])

  return (
    <>
      <div class="page-head">
        <div>
          <h1>{alerts.title}</h1>
          <p>{alerts.intro}</p>
        </div>
      </div>
      <div class="alerts">
        <AlertForm
          created={({ alertId }) => {
            setNewest(alertId)
            goPage(1)
            set.again()
          }}
        />
        <div class="alerts-lists">
          <Panel title={alerts.list} aside={<Count of={set.data?.pagination.total_items} />}>
            <LoadedView loaded={set}>
              {({ data }) => <AlertList rules={data} newest={isNewest} removed={set.again} />}
            </LoadedView>
            <Pager page={page} pages={pages} go={goPage} label={alerts.list} />
          </Panel>
          <Panel title={alerts.fired} aside={<Count of={firings.data?.pagination.total_items} />}>
            <LoadedView loaded={firings}>{({ data }) => <FiredList firings={data} />}</LoadedView>
            <Pager
              page={firedPage}
              pages={firings.data?.pagination.total_pages ?? 1}
              go={goFired}
              label={alerts.fired}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Count({ of }: { of: number | undefined }) {
  if (of === undefined || of === 0) return null
  return <span class="faint small">{words.value.alerts.count(figures.value.whole(of))}</span>
}
