import { charactersBySight, randomOf } from '@crypto-signals/testing'
import t from 'tap'
import { amountOf, percentOf, priceOf, spanOf } from './numbers.ts'
import { paintOf, wantsColour } from './paint.ts'
import { table } from './table.ts'
import { clean, cut, fit, harmless, jsonOf, widthOf } from './text.ts'

const paint = paintOf(false)

t.test('text from outside cannot steer the terminal, whatever is in it', async (t) => {
  t.equal(clean('\x1b[31mred\x1b[0m \x1b]0;title\x07name'), 'red name')
  t.equal(clean('a\r\nb\tc\u2028d'), 'a b c d')
  t.equal(clean('\u009b31mbell\x07\x7f'), 'bell', 'also in one byte')
  t.equal(clean('pay\u202egpj.exe\u2066\u200f'), 'paygpj.exe')
  t.equal(clean('lone \ud800'), 'lone \ufffd')
  t.equal(clean('👨‍👩‍👧'), '👨‍👩‍👧', 'but emoji stay whole')
  const random = randomOf(7)
  const pieces = [
    '\x1b[2J',
    '\x1b]8;;http://x\x07',
    '\x9b',
    '\u202e',
    '\n',
    'ねこ',
    '🚀',
    'عملة',
    'e\u0301',
    '\0',
    'abc',
    '\ud83d',
  ]
  const steers = (text: string) => /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text)
  const faults: string[] = []
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 6 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
    const json = jsonOf({ [text]: text })
    const fits = [1, 2, 3, 7, 20].every((columns) => widthOf(fit(clean(text), columns)) === columns)
    if (steers(clean(text)) || steers(json) || JSON.parse(json)[text] !== text || !fits) faults.push(json)
  }
  t.same(faults, [])
})

t.test('a line keeps its colours and right-to-left names, and loses all else that steers a terminal', async (t) => {
  const { bold, dim, good, bad, warn } = paintOf(true)
  const line = `${bold('a')}${dim('b')}${good('c')}${bad('d')}${warn('e')} ${clean('ابت')} 👨‍👩‍👧`
  t.equal(harmless(line), line)
  t.equal(harmless('\x1b[31mred', false), 'red')
  t.equal(harmless('a\x1b]0;x\x07\x1b[2J\x1b[8mb\u009b1A\u202e\r\nc\u2028d'), 'a]0;x[2J[8mb1Acd')
})

t.test('text from outside is shown and passed on as people see it', async (t) => {
  const { seen, blank, unseen } = charactersBySight()
  t.equal(clean(`a${unseen.join('')}b`), 'ab', `none of ${unseen.length}`)
  t.equal(clean(`a${blank.join('')}b`), 'a b')
  t.equal(clean(seen.join('')).replaceAll('\u200e', ''), seen.join(''), 'and nothing else is lost')
  t.equal(clean('🚀\ufe0f\u{e0100}\u200d\u{e0041} ❤️ Moon'), '🚀 ❤️ Moon', 'an emoji hides nothing')
  const hidden = { name: `a${unseen.join('')}b` }
  t.match(jsonOf(hidden), /^[ -~]+$/)
  t.same(JSON.parse(jsonOf(hidden)), hidden, 'JSON tells all, escaped')
  t.equal(jsonOf('👨‍👩‍👧 ねこ'), '"👨‍👩‍👧 ねこ"')
})

t.test('text from right to left keeps to its cell', async (t) => {
  t.equal(clean('عملة'), '\u200eعملة\u200e')
  t.equal(widthOf(clean('عملة')), 4)
  for (const script of ['ࠀ', 'ࡀ', 'שׁ', '𐤀', '𞤀']) t.equal(clean(script), `\u200e${script}\u200e`)
  t.equal(cut(clean('عملة'), 3), '\u200eعم…\u200e')
})

t.test('prices are readable from the smallest to the largest', async (t) => {
  const prices: [number | null, string][] = [
    [null, '–'],
    [0, '0'],
    [1.2345e-9, '1.235e-9'],
    [0.00001234, '0.00001234'],
    [0.072135, '0.07214'],
    [0.99999, '1.0000'],
    [1.5, '1.5000'],
    [123.456, '123.46'],
    [80_123.456, '80,123.46'],
    [1.5e9, '1.50B'],
    [1e30, '1.00e+30'],
  ]
  for (const [price, shown] of prices) t.equal(priceOf(price), shown)
  for (const [amount, shown] of [
    [1.594e12, '1.59T'],
    [21.36e9, '21.4B'],
    [3.2e6, '3.20M'],
    [950, '950'],
    [0, '0.00'],
  ] as const)
    t.equal(amountOf(amount), shown)
  for (const [change, shown] of [
    [1.234, '+1.23%'],
    [-0.001, '+0.00%'],
    [-12, '-12.00%'],
    [123_456, '+123,456%'],
    [1e12, '+1.00T%'],
  ] as const)
    t.equal(percentOf(change), shown)
  for (const [ms, shown] of [
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [1e9, '11 d'],
  ] as const)
    t.equal(spanOf(ms), shown)
})

t.test('a table keeps its columns under each other, and gives way to a narrow terminal', async (t) => {
  const columns = [
    { title: 'COIN', most: 10 },
    { title: 'NAME', most: 30 },
    { title: 'PRICE', align: 'right' as const },
  ]
  const rows = [
    ['BTC', 'Bitcoin', '80,000.00'],
    ['ねこ', 'ねこ硬貨 to the moon and further', '1'],
    ['\x1b[2J🚀', '👨‍👩‍👧 family', '0.5'],
  ]
  const lines = table(columns, rows, { paint })
  t.equal(new Set(lines.map(widthOf)).size, 1, lines.join('\n'))
  for (const width of [80, 50, 40, 32]) {
    const narrow = table(columns, rows, { paint, width })
    t.ok(
      narrow.every((line) => widthOf(line) <= width),
      narrow.join('\n'),
    )
  }
  t.same(table(columns, [], { paint }), ['COIN  NAME  PRICE'])
})

t.test('colour is used where it is wanted and can be seen', async (t) => {
  t.equal(wantsColour(true, {}, true), true)
  t.equal(wantsColour(true, {}, false), false)
  t.equal(wantsColour(true, { TERM: 'dumb' }, true), false)
  t.equal(wantsColour(true, { NO_COLOR: '1' }, true), false)
  t.equal(wantsColour(true, { NO_COLOR: '' }, true), true, 'an empty NO_COLOR says nothing')
  t.equal(wantsColour(true, { FORCE_COLOR: '1' }, false), true)
  t.equal(wantsColour(true, { FORCE_COLOR: '0' }, true), false)
  t.equal(wantsColour(true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false), false)
  t.equal(wantsColour(false, { FORCE_COLOR: '1' }, true), false, '--no-color counts most')
  t.equal(paintOf(true).good('up'), '\x1b[32mup\x1b[39m')
  t.equal(paint.good('up'), 'up')
})
