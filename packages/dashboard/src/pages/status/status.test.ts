import type { SourceStatus } from '@crypto-signals/client'
import t from 'tap'
import { en } from '../../language/en.ts'
import { ko } from '../../language/ko.ts'
import { creditsOf, isWeb } from '../../shell/credits.ts'
import { byImportance } from './order.ts'
import { reasonText } from './reasons.ts'
import { termsText } from './terms.ts'

const source = (part: Partial<SourceStatus>) =>
  ({
    name: 'alpha',
    title: 'Alpha',
    kind: 'aggregator',
    simulated: false,
    attribution: { text: 'Data by Alpha', url: 'https://alpha.example' },
    state: 'ok',
    lastSuccessAt: null,
    ...part,
  }) as SourceStatus

t.test('a reason of the server is told in the language of the reader', async (t) => {
  const reasons = [
    ['database does not answer', 'database 응답 없음'],
    ['query-api is not ready: does not answer', 'query-api 준비 중: does not answer'],
    ['scoring is not ready', 'scoring 준비 중'],
    ['12 of 40 coins wait for their score', '코인 40개 중 12개 점수 산출 대기 중'],
    ['no market source has reported yet', '아직 응답한 데이터 소스 없음'],
    ['coingecko is failing: HTTP 500: x', 'coingecko 오류: HTTP 500: x'],
    ['coingecko: first sweep, 3 of ? chunks', 'coingecko: 전체 코인 첫 수집 중(?개 구간 중 3개 완료)'],
    ['coingecko: its status has not been written for 7 min', 'coingecko: 7분간 상태 보고 없음'],
    ['9 of 10 coins have no price younger than 8 h', '코인 10개 중 9개는 최근 8시간 내 시세 없음'],
  ] as const
  for (const [reason, korean] of reasons) {
    t.equal(reasonText(reason, ko), korean)
    t.not(reasonText(reason, en), '', reason)
  }
  t.equal(reasonText('something new <b>', ko), 'something new <b>', 'what is not known is told as it came')
})

t.test('the terms of a source are told in the language of the reader, unknown ones as they came', async (t) => {
  for (const terms of [
    'personal use',
    'personal, non-commercial use',
    'public market data',
    'with its name beside the figure',
  ])
    t.notMatch(termsText('open', terms, ko), /[a-z]/, terms)
  t.equal(termsText('free-key', 'personal use', ko), '무료 API 키 · 개인적 이용')
  t.equal(termsText('open', 'with its name beside the figure', en), 'Open access · attribution required')
  for (const nothing of ['unknown', 'open']) t.equal(termsText('open', nothing, ko), '공개 데이터')
  for (const unknown of ['<b>new</b>', 'constructor'])
    t.equal(termsText('open', unknown, ko), `공개 데이터 · ${unknown}`)
})

t.test('what fails comes first, then sources lie by kind and name', async (t) => {
  const sources = [
    source({ title: 'B', kind: 'exchange' }),
    source({ title: 'A', kind: 'exchange' }),
    source({ title: 'Z', kind: 'aggregator' }),
    source({ title: 'C', kind: 'dex', state: 'failing' }),
  ]
  t.strictSame(
    byImportance(sources).map(({ title }) => title),
    ['C', 'Z', 'A', 'B'],
  )
})

t.test('sources that answered are named, exchanges counted, and no link leads into the page itself', async (t) => {
  const answered = { simulated: false, lastSuccessAt: '2026-01-01T00:00:00.000Z' }
  const credits = creditsOf([
    source({ ...answered, title: 'Z', kind: 'aggregator', attribution: { text: 'by Z', url: 'https://z.example' } }),
    source({ ...answered, title: 'A', kind: 'index', attribution: { text: 'by A', url: 'https://a.example' } }),
    source({ ...answered, title: 'Bad', kind: 'dex', attribution: { text: 'x', url: 'javascript:alert(1)' } }),
    source({ ...answered, title: 'E', kind: 'exchange' }),
    source({ ...answered, title: 'Silent', lastSuccessAt: null }),
    source({ ...answered, title: 'Invented', simulated: true }),
  ])
  t.strictSame(
    credits.named.map(({ title }) => title),
    ['A', 'Z'],
  )
  t.equal(credits.exchanges, 1)
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '//x', '/x', '']) t.notOk(isWeb(url), url)
})
