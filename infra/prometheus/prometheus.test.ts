import t from 'tap'
import { parse } from 'yaml'
import { read } from '../test/compose.ts'
import { PROMETHEUS_MISSING, promtool } from '../test/prometheus.ts'

const isMissing = (await promtool('--version')) === null

t.test('Prometheus takes its configuration and its rules', { skip: isMissing && PROMETHEUS_MISSING }, async (t) => {
  t.match(await promtool('check', 'config', 'infra/prometheus/prometheus.yml'), { ok: true, said: /rules found/ })
})

t.test(
  'each rule is quiet when all is well and speaks when not',
  { skip: isMissing && PROMETHEUS_MISSING },
  async (t) => {
    t.match(await promtool('test', 'rules', 'infra/prometheus/alerts.test.yml'), { ok: true, said: /SUCCESS/ })
  },
)

t.test('every alert says how bad it is and what is wrong', async (t) => {
  const { groups } = parse(read('infra/prometheus/alerts.yml'))
  const rules = groups.flatMap((group: { rules: object[] }) => group.rules)
  t.ok(rules.length > 0)
  for (const rule of rules)
    t.match(rule, { alert: /^[A-Z]\w+$/, labels: { severity: /^(critical|warning)$/ }, annotations: { summary: /\w/ } })
})

t.test('the dashboard follows the flow, on the data source that Grafana is given', async (t) => {
  const { panels, uid } = JSON.parse(read('infra/grafana/dashboards/flow.json'))
  const [{ uid: source }] = parse(read('infra/grafana/provisioning/datasources/prometheus.yml')).datasources
  const rows = panels.filter(({ type }: Panel) => type === 'row').map(({ title }: Panel) => title.split(':')[0])
  t.strictSame(rows, ['1. Ingestion', '2. Scoring', '3. Query API', '4. Alerting', '5. Gateway', 'Every process'])
  t.equal(new Set(panels.map(({ id }: Panel) => id)).size, panels.length)
  for (const { type, title, datasource, targets = [], gridPos } of panels as Panel[]) {
    t.ok(gridPos.x + gridPos.w <= 24, title)
    if (type === 'row') continue
    t.ok(targets.length > 0, title)
    for (const target of [{ datasource }, ...targets]) t.equal(target.datasource.uid, source, title)
  }
  const [{ options }] = parse(read('infra/grafana/provisioning/dashboards/dashboards.yml')).providers
  const compose = read('docker-compose.yml')
  t.match(compose, `./infra/grafana/dashboards:${options.path}:ro`)
  t.match(compose, `${options.path}/${uid}.json`)
})

interface Panel {
  id: number
  type: string
  title: string
  datasource: { uid: string }
  targets?: { datasource: { uid: string } }[]
  gridPos: { x: number; w: number }
}
