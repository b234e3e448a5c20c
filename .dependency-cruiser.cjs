/** Which room may look into which: a service knows no other service, and only its app.ts joins the edges. */
const EDGES = '(calls|consumes|publishes|serves)'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'services-import-no-service',
      comment: 'Services talk through the bus or HTTP. Only standalone puts them into one process.',
      severity: 'error',
      from: { path: '^services/(?!standalone/)([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-import-no-service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'only-app-joins-edges',
      comment: 'What thinks must not know where its data come from or go to: hand it a port, and join them in app.ts.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/', pathNot: `^services/[^/]+/src/(app\\.ts|main\\.ts|${EDGES}/)|\\.test\\.ts$` },
      to: { path: `^services/[^/]+/src/${EDGES}/` },
    },
    {
      name: 'edges-do-not-import-each-other',
      severity: 'error',
      from: { path: `^services/([^/]+)/src/${EDGES}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^services/[^/]+/src/${EDGES}/`, pathNot: '^services/$1/src/$2/' },
    },
    {
      name: 'contracts-depend-on-typebox-alone',
      severity: 'error',
      from: { path: '^packages/contracts/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/contracts/|node_modules/@sinclair/typebox|^@sinclair/typebox' },
    },
    {
      name: 'analysis-is-pure',
      severity: 'error',
      from: { path: '^packages/analysis/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/(analysis|contracts)/|@crypto-signals/contracts' },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { pathNot: '\\.(test|contract)\\.ts$|^packages/testing/|/(test|contract|bench)/|^infra/' },
      to: { path: '^packages/testing/|\\.(test|contract)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'], extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
}
