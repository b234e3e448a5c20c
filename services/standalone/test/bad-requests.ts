export interface BadRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  payload?: string
  contentType?: string
  status: number
}

const UUID = '018f0000-0000-7000-8000-000000000000'

const get = (status: number, ...urls: string[]): BadRequest[] => urls.map((url) => ({ method: 'GET', url, status }))

const badNumbers = [
  '0',
  '-1',
  '1.5',
  'x',
  '',
  '%20',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  'null',
  '1,2',
  '%00',
  '٣',
  '99999999999999999999',
  '1;DROP',
]

const pageQueries = (path: string) => [
  ...badNumbers.flatMap((value) => get(400, `${path}page=${value}`, `${path}limit=${value}`)),
  ...get(
    400,
    `${path}limit=101`,
    `${path}page=1&page=2`,
    `${path}page[]=1`,
    `${path}unknown=1`,
    `${path}__proto__=1`,
    `${path}sort=none`,
  ),
]

const badScores = ['-1', '101', 'x', '', '0x1', '1e1', '50;', 'NaN']

const queries: BadRequest[] = [
  ...pageQueries('/api/signals?'),
  ...pageQueries('/api/coins?'),
  ...badScores.flatMap((value) => get(400, `/api/signals?min_score=${value}`, `/api/signals?max_score=${value}`)),
  ...get(
    400,
    '/api/signals?min_score=60&max_score=40',
    '/api/signals?filter=BUY',
    '/api/signals?filter=',
    '/api/signals?filter=buy&filter=sell',
  ),
  ...get(
    400,
    '/api/signals?timeframe=scalping',
    '/api/signals?timeframe=1h',
    '/api/signals?timeframe=',
    '/api/signals?filter[$ne]=buy',
    '/api/signals?sort=SCORE',
  ),
  ...get(
    400,
    '/api/signals/search',
    '/api/signals/search?q=',
    '/api/signals/search?q=a&limit=51',
    '/api/signals/search?q=a&limit=0',
    '/api/signals/search?q=a&q=b',
  ),
  ...get(
    400,
    `/api/signals/search?q=${'x'.repeat(101)}`,
    '/api/signals/search?q=%00',
    '/api/signals/search?q[$regex]=.*',
    '/api/signals/search?Q=a',
    '/api/signals/search?q=a&page=1',
  ),
  ...get(
    400,
    '/api/signals/strong?limit=5',
    '/api/signals/stats?x',
    '/api/signals/coin/bitcoin?x=1',
    '/api/coins/bitcoin?x=1',
    '/api/signals/coin/%zz',
    '/api/coins/%E0%A4%A',
  ),
  ...get(
    400,
    `/api/signals/coin/${'x'.repeat(200)}`,
    `/api/coins/${'x'.repeat(200)}`,
    '/api/signals/coin/%00',
    '/api/coins/a%0Ab',
  ),
  ...['0', '-1', '1.5', '1h', '', '31536001'].flatMap((value) =>
    get(400, `/api/coins?max_age=${value}`, `/api/signals?max_age=${value}`),
  ),
  ...get(
    400,
    '/api/coins?symbol=',
    '/api/coins?symbol=%00',
    '/api/coins?symbol[]=btc',
    `/api/coins?symbol=${'x'.repeat(65)}`,
    `/api/coins/by-symbol/${'x'.repeat(65)}`,
    '/api/coins/by-symbol/btc?x=1',
  ),
  ...[
    'coins=',
    'coins=a,,b',
    'actions=BUY',
    'actions=',
    'timeframe=1h',
    'min_change=-1',
    'min_change=x',
    'x=1',
  ].flatMap((query) =>
    get(400, `/api/stream?${query}`, `/api/export.csv?${query}`, `/api/signals/delta?since=1-1&${query}`),
  ),
  ...get(400, '/api/stream?since=', '/api/stream?snapshot=1', '/api/signals/delta', '/api/signals/delta?since=x'),
  ...get(410, '/api/signals/delta?since=1-1'),
  ...get(400, '/api/coverage?x=1', '/api/sources?name=coingecko', '/api/market?x=1'),
  ...get(
    400,
    '/api/alerts?page=0',
    '/api/alerts?limit=101',
    '/api/alerts?coinId=',
    '/api/alerts?x=1',
    '/api/alerts/triggered?page=x',
    '/api/alerts/triggered?limit=0',
  ),
  ...get(
    400,
    '/api/alerts/triggered?alertId=7',
    '/api/alerts/not-a-uuid',
    '/api/alerts/1',
    `/api/alerts/${UUID}x`,
    `/api/alerts/${UUID}?x=1`,
  ),
  ...get(
    404,
    '/api/signals/coin/no-such-coin',
    '/api/signals/coin/no-such-coin/history',
    '/api/coins/no-such-coin',
    '/api/coins/by-symbol/no-such-symbol',
    '/api/coins/by-symbol',
    '/api/coins/no-such-coin/bars',
    '/api/coverage/x',
    '/api/signals/coin/..%2F..%2Fetc',
    `/api/alerts/${UUID}`,
    '/api/nothing',
    '/api',
    '/api/signals/',
    '/API/signals',
  ),
]

const wrongMethods: BadRequest[] = [
  '/api/signals',
  '/api/signals/search?q=a',
  '/api/signals/strong',
  '/api/signals/stats',
  '/api/signals/coin/bitcoin',
  '/api/coins',
  '/api/coins/by-symbol/btc',
  '/api/signals/delta?since=1-1',
  '/api/stream',
  '/api/stream/ws',
  '/api/export.ndjson',
  '/api/coverage',
  '/api/sources',
  '/api/market',
  '/api/coins/bitcoin',
  '/api/health',
  '/api/alerts/triggered',
].flatMap((url) =>
  (['PUT', 'PATCH', 'DELETE', 'POST'] as const)
    .filter((method) => !(url === '/api/alerts/triggered' && method === 'DELETE'))
    .map((method) => ({ method, url, status: 405 })),
)

const post = (payload: unknown, status = 400): BadRequest => ({
  method: 'POST',
  url: '/api/alerts',
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  status,
})

const good = { coinId: 'bitcoin', alertType: 'price_above', settings: { threshold: 5 } }

const bodies: BadRequest[] = [
  ...[
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '1',
    'true',
    '{}',
    '{"__proto__":{"coinId":"bitcoin"}}',
    '{"constructor":{"prototype":{}}}',
  ].map((body) => post(body)),
  ...[null, 1, true, '', [], {}, 'x'.repeat(129), 'no-such-coin', { $gt: '' }].map((coinId) =>
    post({ ...good, coinId }),
  ),
  ...[null, 1, '', 'PRICE_ABOVE', 'price', [], {}, 'constructor'].map((alertType) => post({ ...good, alertType })),
  ...[null, 1, 'x', [], {}, true].map((settings) => post({ ...good, settings })),
  ...[null, '5', '', true, [], {}, -1, 0, 1e16].map((threshold) => post({ ...good, settings: { threshold } })),
  ...['1e999', '-1e999', 'NaN'].map((number) =>
    post(`{"coinId":"bitcoin","alertType":"price_above","settings":{"threshold":${number}}}`),
  ),
  ...['score_above', 'score_below'].flatMap((alertType) =>
    [-1, 101, '50', null].map((threshold) => post({ ...good, alertType, settings: { threshold } })),
  ),
  ...['change_above', 'change_below'].flatMap((alertType) =>
    [-101, 1e7, '5', null].map((threshold) => post({ ...good, alertType, settings: { threshold } })),
  ),
  ...['action_changed', 'strong_signal'].map((alertType) => post({ ...good, alertType, settings: { threshold: 5 } })),
  ...[-1, 1.5, '60000', null, 3e9].map((cooldownMs) => post({ ...good, settings: { threshold: 5, cooldownMs } })),
  ...['1h', 'scalping', null, 5, []].map((timeframe) => post({ ...good, settings: { threshold: 5, timeframe } })),
  ...['userId', 'isTriggered', 'triggerCount', 'alertId', 'createdAt', 'triggeredAt', '$where'].map((field) =>
    post({ ...good, [field]: 1 }),
  ),
  ...['$gt', 'userId', 'armed'].map((field) => post({ ...good, settings: { threshold: 5, [field]: 1 } })),
  post(JSON.stringify({ ...good, coinId: 'x'.repeat(70_000) }), 413),
  post(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  { ...post(good, 415), contentType: 'text/plain' },
  { ...post(good, 415), contentType: 'application/xml' },
  { ...post(good, 415), contentType: 'application/x-www-form-urlencoded' },
]

const deletions: BadRequest[] = [
  { method: 'DELETE', url: '/api/alerts/not-a-uuid', status: 400 },
  { method: 'DELETE', url: `/api/alerts/${UUID}`, status: 404 },
  { method: 'DELETE', url: '/api/alerts', status: 405 },
  { method: 'PUT', url: `/api/alerts/${UUID}`, status: 405 },
  { method: 'DELETE', url: '/api/alerts/triggered', status: 405 },
]

/** Requests that must each be refused with the status given, and change nothing. */
export const BAD_REQUESTS: readonly BadRequest[] = [...queries, ...wrongMethods, ...bodies, ...deletions]
