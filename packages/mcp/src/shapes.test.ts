import { charactersBySight } from '@crypto-signals/testing'
import t from 'tap'
import { optionsOf } from './options.ts'
import { clean, cleaned } from './words.ts'

// Selectors, fillers, joiners, tags and blanks that have carried hidden text.
const SMUGGLERS = [
  0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x200b, 0x200d, 0x202e, 0x2060, 0x2066, 0x2800, 0x3164,
  0xfe00, 0xfe0f, 0xffa0, 0xfff9, 0xe000, 0x1d159, 0xe0001, 0xe0020, 0xe007f, 0xe0100, 0xe01ef,
]

t.test('names of coins are told as people see them, whatever else is in them', async (t) => {
  const { seen, blank, unseen } = charactersBySight()
  t.equal(clean(`a${unseen.join('')}b`), 'ab', `none of ${unseen.length}`)
  t.equal(clean(`a${blank.join('')}b`), 'a b')
  t.equal(clean(seen.join('')), seen.join(''), 'and nothing else is lost')
  for (const point of SMUGGLERS) t.equal(clean(`a${String.fromCodePoint(point)}b`), 'ab', point.toString(16))
  t.equal(clean('a\u202eb\u200bc\u{e0041}\u0007 \u200b d\r\ne'), 'abc d e')
  t.equal(clean('lone \ud800'), 'lone \ufffd')
  for (const name of ['ねこ硬貨', 'عملة', '👨‍👩‍👧 ❤️ family', '<b>Bold</b> Inu']) t.equal(clean(name), name)
  t.equal(clean('🚀\ufe0f\u{e0100}\u200d\u{e0041} Moon'), '🚀 Moon', 'an emoji hides nothing')
  t.same(cleaned({ coins: [{ name: 'a\u3164', rank: 1 }], at: null }), { coins: [{ name: 'a', rank: 1 }], at: null })
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
