import * as contract from '@crypto-signals/contracts'
import t from 'tap'
import { optionsOf } from './options.ts'
import { ACTION_FILTERS, ACTIONS, ALERT_TYPES, TIMEFRAMES } from './shapes.ts'
import { clean } from './words.ts'

t.test('it knows every word that the API knows', async (t) => {
  t.same(TIMEFRAMES, contract.TIMEFRAMES)
  t.same(ACTIONS, contract.ACTIONS)
  t.same(ACTION_FILTERS, contract.ACTION_FILTERS)
  t.same(ALERT_TYPES, contract.ALERT_TYPES)
})

t.test('names of coins lose what hides or turns text, and nothing else', async (t) => {
  t.equal(clean('a\u202eb\u200bc\u{e0041}\u0007 d\r\ne'), 'abc d e')
  t.equal(clean('lone \ud800'), 'lone \ufffd')
  for (const name of ['ねこ硬貨', 'عملة', '👨‍👩‍👧 family', '<b>Bold</b> Inu']) t.equal(clean(name), name)
})

t.test('the command line counts more than the environment, and an empty variable says nothing', async (t) => {
  t.equal(optionsOf([], {}).url, 'http://localhost:3000')
  t.equal(optionsOf([], { CRYPTO_SIGNALS_URL: '' }).url, 'http://localhost:3000')
  t.equal(optionsOf([], { CRYPTO_SIGNALS_URL: 'http://a:1/' }).url, 'http://a:1')
  t.equal(optionsOf(['--url', 'https://b/base/'], { CRYPTO_SIGNALS_URL: 'http://a:1' }).url, 'https://b/base')
  t.equal(optionsOf([], {}).http, null)
  t.same(optionsOf(['--http'], {}).http, { host: '127.0.0.1', port: 3030, allowedHosts: [] })
  t.throws(() => optionsOf(['--url', 'http://name:password@x'], {}))
})
