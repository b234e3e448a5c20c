import t from 'tap'
import { en } from './en.ts'
import { ageText, createFigures } from './figures.ts'
import { ko } from './ko.ts'

/** What a word is made of: its place among the words, and how many figures it takes. */
function partsOf(words: object, place = ''): string[] {
  return Object.entries(words).flatMap(([key, word]) => {
    if (typeof word === 'function') return [`${place}${key}(${word.length})`]
    return typeof word === 'object' && word !== null ? partsOf(word, `${place}${key}.`) : [`${place}${key}`]
  })
}

/** The words with numbered marks in the place of their figures. */
function saidBy(words: object): string[] {
  return Object.values(words).flatMap((word) => {
    if (typeof word === 'function') return [String(word(...Array.from(word, (_, i) => `<${i}>`)))]
    return typeof word === 'object' && word !== null ? saidBy(word) : [String(word)]
  })
}

t.test('both languages have the same words, each with the same figures in it', async (t) => {
  t.strictSame(partsOf(ko).sort(), partsOf(en).sort())
})

t.test('no word is empty, and none is Korean in English', async (t) => {
  for (const word of [...saidBy(en), ...saidBy(ko)]) t.not(word.trim(), '')
  const { name, ...rest } = en
  t.equal(name, 'English')
  for (const word of saidBy(rest)) t.notMatch(word, /\p{Script=Hangul}/u)
})

t.test('prices show four digits that say something, however small they are', async (t) => {
  const { price } = createFigures('en')
  t.strictSame([64_210.4, 171.151, 1, 0.0714, 0.00123456, 0.0000031214, 1e-12, 0, null].map(price), [
    '$64,210',
    '$171.15',
    '$1.000',
    '$0.07140',
    '$0.001235',
    '$0.0₅3121',
    '$0.0₁₁1000',
    '$0.000',
    '–',
  ])
})

t.test('large amounts are short, in the steps of the language', async (t) => {
  t.strictSame([1.585e12, 287.2e9, 45.3e9].map(createFigures('en').amount), ['$1.59T', '$287B', '$45.3B'])
  t.strictSame([1.585e12, 287.2e9, 45.3e9].map(createFigures('ko').amount), ['$1.59조', '$2,870억', '$453억'])
})

t.test('changes have a sign, and an unknown one is a dash', async (t) => {
  t.strictSame([4.21, -0.3, 0, null].map(createFigures('en').percent), ['+4.2%', '-0.3%', '0.0%', '–'])
})

t.test('what no column could hold is shortened', async (t) => {
  const { percent, price } = createFigures('en')
  t.strictSame([351_221_592.1, -9_999.94].map(percent), ['+351M%', '-9,999.9%'])
  t.strictSame([9_999_999, 3.1e12].map(price), ['$9,999,999', '$3.1T'])
})

t.test('an age is told in the coarsest unit that is not zero', async (t) => {
  const ages = [0, 999, 1_000, 59_999, 60_000, 3_600_000, 86_400_000 * 3]
  t.strictSame(
    ages.map((age) => ageText(en, age)),
    ['now', 'now', '1 s', '59 s', '1 min', '1 h', '3 d'],
  )
})
