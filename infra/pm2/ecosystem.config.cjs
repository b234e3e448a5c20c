// All five services under PM2, on six ports from PORT on; the engines come from the environment.
//   pm2 startOrReload infra/pm2/ecosystem.config.cjs --update-env
const { existsSync } = require('node:fs')
const path = require('node:path')

const { PORT = '3000', HOST = '127.0.0.1', NODE_ENV = 'production', LOG_DIR } = process.env
const ROOT = path.join(__dirname, '..', '..')
const LOGS = LOG_DIR || path.join(ROOT, '.data', 'logs')
const OWN_NODE = path.join(ROOT, 'node_modules', 'node', 'bin', 'node')
const port = (offset) => Number(PORT) + offset
const local = (offset) => `http://127.0.0.1:${port(offset)}`

// Workers of a cluster share a port, and are replaced one after the other: callers notice nothing.
const cluster = { exec_mode: 'cluster', instances: 2 }
// The daemon's Node runs a cluster; all else runs on the one that the project brings along.
const fork = { exec_mode: 'fork', interpreter: existsSync(OWN_NODE) ? OWN_NODE : process.execPath }

module.exports = {
  apps: [
    app('query-api', cluster, { PORT: port(1) }),
    app('alerting', fork, { PORT: port(2) }),
    app('scoring', fork, { PORT: port(3) }),
    // One leads, the other stands by.
    app('ingestion', fork, { PORT: port(4) }, 'ingestion-1'),
    app('ingestion', fork, { PORT: port(5) }, 'ingestion-2'),
    app('gateway', cluster, { PORT: port(0), HOST, QUERY_API_URL: local(1), ALERTING_URL: local(2) }),
  ],
}

function app(service, mode, env, name = service) {
  return {
    name,
    namespace: 'crypto-signals',
    script: path.join(ROOT, 'services', service, 'src', 'main.ts'),
    cwd: ROOT,
    ...mode,
    // PM2 writes the logs: workers that share a LOG_DIR would rotate each other's files away.
    env: { NODE_ENV, HOST: '127.0.0.1', LOG_DIR: '', ...env },
    out_file: path.join(LOGS, `${name}.out.log`),
    error_file: path.join(LOGS, `${name}.err.log`),
    merge_logs: true,
    // The process says when it takes requests, which is when it has read the market; it stops within 9 s.
    wait_ready: true,
    listen_timeout: 60_000,
    kill_timeout: 10_000,
    exp_backoff_restart_delay: 200,
    // A configuration that is not valid does not become so by trying again.
    stop_exit_codes: [2],
    vizion: false,
    pmx: false,
  }
}
