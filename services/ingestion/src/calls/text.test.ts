import { charactersBySight, recordings } from '@crypto-signals/testing'
import t from 'tap'
import { isAddressable, labelOf } from './text.ts'

const { seen, blank, unseen } = charactersBySight()

t.test('a label is what people see of a text, in one line', async (t) => {
  const faults = (characters: string[], expected: (character: string) => string | null) =>
    characters.filter((character) => {
      const label = labelOf(`a${character}b`, 64)
      return label !== expected(character)
    })
  t.strictSame(
    faults(seen, (character) => `a${character}b`),
    [],
  )
  const isControl = (character: string) => /\p{Cc}/u.test(character)
  t.strictSame(
    faults(unseen, (character) => (isControl(character) ? null : 'ab')),
    [],
  )
  t.strictSame(
    faults(blank, (character) => (isControl(character) ? null : 'a b')),
    [],
  )
  t.equal(labelOf('\u202enioctiB\u2066', 64), 'nioctiB')
  t.equal(labelOf(`${'x'.repeat(64)}\u200b`, 64), 'x'.repeat(64), 'as long as what is seen')
  t.equal(labelOf('x'.repeat(65), 64), null)
  for (const nothing of ['\u200d', '\u3164', '\u2800', ' \u202e ']) t.equal(labelOf(nothing, 64), null)
})

t.test('an emoji stays whole', async (t) => {
  for (const emoji of ['👨‍👩‍👧', '❤️', '🏴‍☠️', '🇰🇷', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) t.equal(labelOf(`Coin ${emoji}`, 64), `Coin ${emoji}`)
})

t.test('an id is addressable where it stands as people see it, and is no step in a path', async (t) => {
  for (const id of ['bitcoin', '0-5x-long', '猫', 'a b', '...', '<img src=x>']) t.ok(isAddressable(id), id)
  for (const id of ['.', '..', 'bit\u200bcoin', '\u202enioctib', '\ud800', ' a', 'a\u00a0b', 'a  b'])
    t.notOk(isAddressable(id), JSON.stringify(id))
})

const recorded = recordings()
t.test(
  'every id that CoinGecko lists is addressable',
  { skip: recorded === null && 'no recordings beside this working copy' },
  async (t) => {
    if (recorded === null) return
    const ids = (recorded.coinList() as { id: string }[]).map(({ id }) => id)
    t.ok(ids.length > 17_000)
    t.strictSame(
      ids.filter((id) => !isAddressable(id)),
      [],
    )
  },
)
