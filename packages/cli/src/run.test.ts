import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { createClient } from '@crypto-signals/client'
import { freePort } from '@crypto-signals/testing'
import t from 'tap'
import { run } from './run.ts'

/** Runs a command line in this process, without a terminal. */
async function cli(args: string[], env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const into = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        said[name] += String(chunk)
        done()
      },
    }) as WriteStream
  const code = await run(args, {
    out: into('out'),
    err: into('err'),
    keys: process.stdin,
    env,
    untilStopped: () => new AbortController().signal,
    now: () => 0,
    clientOf: (baseUrl) => createClient({ baseUrl }),
  })
  return { code, ...said }
}

t.test('a wrong command line is exit code 2 before anything is asked', async (t) => {
  const wrong = [
    [],
    ['topp'],
    ['top', '--limit', '0'],
    ['top', '--limit', '1e2'],
    ['top', '--timeframe', 'yearly'],
    ['top', 'bitcoin'],
    ['coin'],
    ['search'],
    ['watch', '--min-change', 'much'],
    ['alerts'],
    ['alerts', 'add', 'bitcoin', 'price-sideways', '5'],
    ['alerts', 'add', 'bitcoin', 'price-above', 'much'],
    ['alerts', 'add', 'bitcoin', 'price-above'],
    ['alerts', 'add', 'bitcoin', 'strong-signal', '80'],
    ['alerts', 'remove', '0'],
    ['alerts', 'triggered', '--alert', 'x'],
    ['alerts', 'add', 'bitcoin', 'price-above', '1', '--cooldown', 'a while'],
    ['completions', 'powershell'],
    ['top', '--url', 'ftp://x'],
    ['top', '--url', 'http://name:password@x'],
  ]
  for (const args of wrong) {
    const { code, out, err } = await cli(args, { CRYPTO_SIGNALS_URL: 'http://127.0.0.1:9' })
    t.equal(code, 2, args.join(' '))
    t.equal(out, '')
    t.not(err, '')
  }
  t.match(await cli(['top'], { CRYPTO_SIGNALS_URL: 'nowhere' }), { code: 2, err: /CRYPTO_SIGNALS_URL/ })
  t.match(await cli(['topp']), { err: /Did you mean top/ })
})

t.test('help and version go to stdout and are exit code 0, and every command has its help', async (t) => {
  const { code, out } = await cli(['--help'])
  t.equal(code, 0)
  t.match(out, /Exit codes: 0 done; 1 /)
  for (const command of ['top', 'coin', 'search', 'watch', 'alerts', 'status', 'completions']) {
    t.match(out, new RegExp(`^ {2}${command} `, 'm'))
    t.match(await cli([command, '--help']), { code: 0, out: /^Usage: crypto-signals / })
  }
  t.match(await cli(['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/ })
})

t.test('a server that is not there is exit code 1, and the address is told', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}`
  for (const args of [['top'], ['coin', 'bitcoin'], ['status'], ['alerts', 'list'], ['watch', 'bitcoin'], ['watch']]) {
    const { code, out, err } = await cli(args, { CRYPTO_SIGNALS_URL: url })
    t.equal(code, 1, args.join(' '))
    t.equal(out, '')
    t.ok(err.includes(`No answer from ${url}`), err)
    t.equal(err.trim().split('\n').length, 2, 'in two lines, without a stack')
  }
  const { err } = await cli(['top', '--json', '--url', `${url}/`], { CRYPTO_SIGNALS_URL: 'http://127.0.0.1:9' })
  t.match(JSON.parse(err), { success: false, code: 'NETWORK', advice: new RegExp(`from ${url}:`) })
})

t.test('a server that means ill steers no terminal, whatever it answers', async (t) => {
  const evil = '\x1b[2JEvil\x1b]0;owned\x07\u202e\r\nCoin\u009b1A'
  const answers: [number, unknown][] = [
    [200, signalsOf({ coinId: evil, symbol: evil, name: evil })],
    [
      404,
      {
        success: false,
        error: evil,
        code: evil,
        candidates: [{ coinId: evil, symbol: evil, name: evil, marketCapRank: null }],
      },
    ],
    [400, { success: false, error: evil, code: evil, details: [{ path: evil, message: evil }] }],
    [200, evil],
  ]
  for (const [status, body] of answers) {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const env = { CRYPTO_SIGNALS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
    for (const args of [
      ['search', 'x'],
      ['search', 'x', '--json'],
    ]) {
      const { out, err } = await cli(args, env)
      t.match(out + err, status === 200 && body === evil ? /answer/ : /Evil/)
      t.notMatch(out + err, /[^\P{Cc}\n]|[\u202a-\u202e]/u)
    }
    server.close()
  }
})

t.test('the scripts for shells are valid and complete commands, options and their words', async (t) => {
  const { code, out } = await cli(['completions', 'bash'])
  t.equal(code, 0)
  t.equal(spawnSync('bash', ['-n'], { input: out }).status, 0)
  const completed = (...words: string[]) => {
    const quoted = ['crypto-signals', ...words].map((word) => `'${word}'`).join(' ')
    const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _crypto_signals; printf '%s\\n' "\${COMPREPLY[@]}"`
    return spawnSync('bash', { input: `${out}\n${ask}`, encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
  }
  const everywhere = ['--help', '--url', '--json', '--no-color']
  t.same(completed('to'), ['top'])
  t.same(completed('alerts', ''), ['list', 'add', 'remove', 'triggered', ...everywhere])
  t.same(completed('top', '--timeframe', 's'), ['scalping', 'swing-trading'])
  t.same(completed('top', '-t', 'l'), ['long-term'])
  t.same(completed('top', '--so'), ['--sort'])
  t.same(completed('alerts', 'add', 'bitcoin', 'price'), ['price-above', 'price-below'])
  t.same(completed('--json', 'completions', ''), ['bash', 'zsh', 'fish', ...everywhere])
  const branch = "_from alerts; and __fish_seen_subcommand_from add'"
  t.match(await cli(['completions', 'fish']), { code: 0, out: `${branch} -a price-above` })
  const zsh = await cli(['completions', 'zsh'])
  t.match(zsh.out, /^#compdef crypto-signals\n/)
  t.ok(zsh.out.endsWith('\ncompdef _crypto_signals crypto-signals\n'))
})

t.test('the program itself ends with the code of its command', async (t) => {
  const main = join(import.meta.dirname, 'main.ts')
  for (const [args, code] of [
    [['--version'], 0],
    [['topp'], 2],
  ] as const)
    t.equal(spawnSync(process.execPath, [main, ...args]).status, code)
})

const signalsOf = (names: { coinId: string; symbol: string; name: string }) => ({
  success: true,
  data: [
    {
      ...names,
      rank: 1,
      timeframe: 'LONG_TERM',
      price: 1,
      finalScore: 50,
      recommendation: { action: 'HOLD', confidence: 0.5 },
      breakdown: [],
      coverage: 1,
      insufficientData: false,
      source: 'coingecko',
      observedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      previous: null,
      ageMs: 0,
      freshness: 'live',
    },
  ],
  count: 1,
  meta: { source: 'live', version: 'a-b' },
})
