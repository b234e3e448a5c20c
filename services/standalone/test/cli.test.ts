import { tempDir, until } from '@crypto-signals/testing'
import t from 'tap'
import type { Row } from './market-rows.ts'
import { startProduct } from './product.ts'
import { CLI, cli, cliInTerminal, HAS_TERMINALS, start, wrote } from './programs.ts'
import { startSmallMarket } from './small-market.ts'

const HOSTILE = '\u202eEvil\u2066 ねこ 🚀 عملة'
const STEERING = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u

const market = await startSmallMarket(HOSTILE, { SWEEP_INTERVAL_SECONDS: '1' })
t.teardown(() => market[Symbol.asyncDispose]())
const { product, replay, rows, moving } = market

const env = { CRYPTO_SIGNALS_URL: product.url }
const json = async (...args: string[]) => {
  const { code, out, err } = await cli([...args, '--json'], env)
  return { code, err, body: JSON.parse(out) }
}
/** From now on the coin has this price. */
const priced = (price: number) => {
  replay.rows = rows.map((row) => (row === moving ? { ...row, current_price: price } : row))
}

t.test('top tells the best coins, for people and for programs', async (t) => {
  const shown = await cli(['top', '--limit', '5'], env)
  t.match(shown, { code: 0, err: '' })
  const lines = shown.out.trimEnd().split('\n')
  t.match(lines[0], /^COIN +NAME +ID +RANK +PRICE \$ +SCORE +SAYS/)
  t.equal(lines.length, 7)
  t.match(lines[6], /^5 of 12 coins, by score/)
  const { code, body } = await json('top', '-n', '12', '-t', 'long-term', '--sort', 'rank')
  t.equal(code, 0)
  t.equal(body.meta.source, 'live')
  t.ok(body.data.every(({ timeframe }: Row) => timeframe === 'LONG_TERM'))
  const ranks = body.data.map(({ rank }: Row) => rank ?? Infinity)
  t.same(
    ranks,
    ranks.toSorted((a: number, b: number) => a - b),
  )
})

t.test('coin tells price, changes, four horizons and the reasons as bars', async (t) => {
  const { code, out } = await cli(['coin', 'MOVE', '--timeframe', 'long-term'], env)
  t.equal(code, 0)
  t.match(out, /^Moving Coin \(MOVE\) {2}(#\d+|unranked) {2}moving-coin\n\$[\d,.]+ {2}/)
  for (const horizon of ['Scalping', 'Day trading', 'Swing trading', 'Long term'])
    t.match(out, new RegExp(`^${horizon} +[\\d–]`, 'm'))
  t.match(out, /^WHY [\d.]+ +LONG TERM/m)
  t.match(out, /^momentum +[█░]+ +[\d.]+ +[\d.]+ × \d+% +\S/m)
  t.match(out, /^price .* old \(\w+\), from coingecko$/m)
  const { body } = await json('coin', 'moving-coin')
  t.match(body, { data: { coinId: 'moving-coin', timeframes: { SCALPING: { timeframe: 'SCALPING' } } } })
})

t.test('a symbol of several coins is answered with these, and with exit code 1', async (t) => {
  for (const args of [
    ['coin', 'twin'],
    ['watch', 'twin'],
    ['alerts', 'add', 'twin', 'price-above', '1'],
  ]) {
    const { code, out, err } = await cli(args, env)
    t.equal(code, 1, args.join(' '))
    t.equal(out, '')
    t.match(err, /symbol of 2 coins: name one by its id/)
    t.match(err, /^twin-one +twin +Twin One +/m)
  }
  const { code, out, err } = await cli(['coin', 'TWIN', '--json'], env)
  t.match({ code, out }, { code: 1, out: '' })
  t.same(
    JSON.parse(err)
      .candidates.map(({ coinId }: Row) => coinId)
      .toSorted(),
    ['twin-one', 'twin-two'],
  )
})

t.test('what is not there is exit code 1 and says how to go on', async (t) => {
  t.match(await cli(['coin', 'no-such-coin'], env), { code: 1, out: '', err: /crypto-signals search/ })
  const search = await cli(['search', 'zzz-nothing'], env)
  t.match(search, { code: 1, out: '', err: /no scored coin has "zzz-nothing"/ })
  t.match(await json('search', 'zzz-nothing'), { code: 1, body: { data: [], count: 0 } })
  t.match(await cli(['alerts', 'remove', '01900000-0000-7000-8000-000000000000'], env), { code: 1, out: '' })
  t.match(await cli(['search', 'MOVING'], env), { code: 0, out: /^MOVE +Moving Coin +moving-coin /m })
})

t.test('alerts are set, listed, fire and are removed', async (t) => {
  const set = await json('alerts', 'add', 'moving-coin', 'price-above', '0.5', '--cooldown', '12h')
  t.match(set, {
    code: 0,
    body: { data: { alertType: 'price_above', settings: { threshold: 0.5, cooldownMs: 43_200_000 } } },
  })
  const { alertId } = set.body.data
  const negative = await cli(['alerts', 'add', 'move', 'change_below', '-99.5', '-t', 'swing-trading'], env)
  t.match(negative, { code: 0, out: /^Set [0-9a-f-]{36}: moving-coin change below -99.5, Swing trading\n$/ })
  t.match(await cli(['alerts', 'add', 'move', 'price-above'], env), { code: 2, err: /wants a threshold/ })
  await until(async () => (await product.ask('/api/alerts/triggered')).body.data.length === 1)
  const rule = 'price above 0.5, every 12 h at most'
  const listed = await cli(['alerts', 'list', '--coin', 'move'], env)
  t.match(listed, { code: 0, out: new RegExp(`^${alertId} +moving-coin +${rule} +fired +1`, 'm') })
  t.match(await cli(['alerts', 'triggered'], env), { code: 0, out: new RegExp(` ago +moving-coin +${rule} +[\\d,.]+`) })
  t.match(await json('alerts', 'triggered', '--alert', alertId), { code: 0, body: { data: [{ alertId }] } })
  t.match(await cli(['alerts', 'remove', alertId], env), { code: 0, out: `Removed ${alertId}\n` })
  t.equal((await cli(['alerts', 'remove', alertId], env)).code, 1)
})

t.test('colour is used only where it is asked for or seen', async (t) => {
  const coloured = async (args: string[], more: Record<string, string>) =>
    (await cli(['top', '-n', '2', ...args], { ...env, ...more })).out.includes('\x1b[')
  t.notOk(await coloured([], {}), 'not into a pipe')
  t.ok(await coloured([], { FORCE_COLOR: '1' }))
  t.notOk(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' }))
  t.notOk(await coloured(['--no-color'], { FORCE_COLOR: '1' }))
})

t.test('a name that would steer the terminal is harmless text everywhere', async (t) => {
  for (const args of [
    ['top'],
    ['coin', 'evil-coin'],
    ['search', 'evil'],
    ['top', '--json'],
    ['coin', 'evil', '--json'],
  ]) {
    const { code, out } = await cli(args, env)
    t.equal(code, 0, args.join(' '))
    t.match(out, /Evil/)
    t.notMatch(out, STEERING, args.join(' '))
  }
})

t.test('watch prints one line for each change where stdout is no terminal', async (t) => {
  await using lines = start([process.execPath, CLI, 'watch', 'move'], env)
  await using programs = start([process.execPath, CLI, 'watch', '--json'], env)
  await wrote(lines, /^\d{4}-\S+Z {2}moving-coin {2}MOVE {2}\$/m)
  await wrote(programs, /"event":"hello"/)
  priced(123.25)
  await wrote(lines, /\$123\.25 /)
  await wrote(programs, /"priceUsd":123\.25/)
  const events = programs
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.equal(events[0].event, 'hello')
  t.ok(
    events.slice(1).every(({ event }) => event === 'row'),
    'and nothing but what changed',
  )
  t.notMatch(lines.out(), STEERING)
  lines.child.kill('SIGINT')
  t.equal(await lines.exited, 0)
})

t.test('a reader that has seen enough ends it quietly', async (t) => {
  const command = `'${process.execPath}' '${CLI}' watch move evil twin-one --json | head -n 2; echo "\${PIPESTATUS[0]}"`
  await using program = start(['bash', '-c', command], env)
  await wrote(program, /\n.*\n/)
  // It notices when it next has something to tell.
  for (let price = 200; program.child.exitCode === null && price < 300; price++) {
    priced(price)
    await until(async () => program.child.exitCode !== null || (await shown()) === price)
  }
  t.equal(await program.exited, 0)
  t.match(program.out(), /^\{.*\}\n\{.*\}\n0\n$/)
  t.equal(program.err(), '')
})

const shown = async () => (await product.ask('/api/coins/moving-coin')).body.data.priceUsd

const NO_TERMINALS = HAS_TERMINALS ? false : 'there is no script of util-linux here'

t.test('watch draws a table that follows, and leaves the terminal as it was', { skip: NO_TERMINALS }, async (t) => {
  for (const [price, how] of [
    [301, 'Ctrl-C'],
    [302, 'q'],
    [303, 'SIGTERM'],
  ] as const) {
    await using program = cliInTerminal(['watch'], env)
    await wrote(program, /live.* 12 coins/)
    t.ok(program.out().includes('\x1b[?1049h\x1b[?25l'), how)
    priced(price)
    await wrote(program, new RegExp(`\\x1b\\[3[12]m *${price}\\.00\\x1b`))
    program.child.stdin?.write('s')
    await wrote(program, /by rank, /)
    const lines = program.out().split('\x1b[H').at(-1)?.split('\r\n') ?? []
    t.ok(lines.length > 10 && lines.length <= 20, `${lines.length} lines fit`)
    if (how === 'SIGTERM') process.kill(Number(/^pid (\d+)/.exec(program.out())?.[1]), how)
    else program.child.stdin?.write(how === 'q' ? 'q' : '\x03')
    t.equal(await program.exited, 0, how)
    t.ok(program.out().trimEnd().endsWith('\x1b[?7h\x1b[?25h\x1b[?1049l'), how)
  }
})

t.test('status tells health, sources, budgets and lag, and is 0 only when all is well', async (t) => {
  await until(async () => (await product.ask('/api/health')).status === 200, { timeoutMs: 60_000 })
  const well = await cli(['status'], env)
  t.match(well, { code: 0, out: /^OK {2}version/ })
  t.match(well.out, /^SOURCE +STATE +COINS +SAID +LAG +LEFT\/MIN/m)
  t.match(well.out, /^coingecko +ok /m)
  t.match(await json('status'), { code: 0, body: { status: 'OK', coverage: { priced: 12 } } })
})

t.test('of a market that is none each command says so, and of one that is not whole yet status is 1', async (t) => {
  await using dir = await tempDir()
  await using simulated = await startProduct({ DATA_DIR: dir.path, MARKET_SOURCES: 'simulator' })
  const env = { CRYPTO_SIGNALS_URL: simulated.url }
  await until(async () => (await simulated.ask('/api/signals/coin/bitcoin')).status === 200, { timeoutMs: 120_000 })
  const [status, ...others] = [
    ['status'],
    ['top'],
    ['coin', 'bitcoin'],
    ['search', 'bitcoin'],
    ['alerts', 'list'],
    ['alerts', 'triggered'],
  ]
  for (const args of others) t.match(await cli(args, env), { code: 0, out: /^SIMULATED DATA: not a real market\n/ })
  t.match(await cli(status ?? [], env), { code: 1, out: /^SIMULATED DATA.*\nWARNING / })
})
