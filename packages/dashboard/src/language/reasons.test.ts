import t from 'tap'
import { reasonIn } from './reasons.ts'

const amount = (usd: number) => `${Math.round(usd)}달러`

t.test('reasons are said in Korean, with amounts in the units of the reader', (t) => {
  for (const [why, korean] of [
    ['Up 0.2 % in 7d, down 8.7 % in 14d, 4.8 % in 30d', '7일 0.2% 상승, 14일 8.7% 하락, 30일 4.8% 하락'],
    ['Flat in 1h, up 12.3k % in 24h', '1시간 보합, 24시간 12.3k% 상승'],
    ['Change over 1h, 24h unknown', '1시간, 24시간 변동률을 알 수 없음'],
    [
      'Traded $67.6B in 24h, 4.3 % of market cap: strongly confirms the fall',
      '24시간 거래대금 67600000000달러, 시가총액의 4.3%: 하락을 강하게 뒷받침',
    ],
    [
      'Traded <$0.01 in 24h, 0.0 % of market cap: no move to confirm',
      '24시간 거래대금 <$0.01, 시가총액의 0.0%: 뒷받침할 변동 없음',
    ],
    ['24h volume unknown', '24시간 거래대금을 알 수 없음'],
    ['Market cap unknown', '시가총액을 알 수 없음'],
    ['No price change known that volume could confirm', '거래량으로 확인할 가격 변동을 알 수 없음'],
    ['Rank 1 by market cap, $1.6T', '시가총액 1위, 1600000000000달러'],
    ['Rank 7 by market cap', '시가총액 7위'],
    ['Unranked, market cap $2.0e+20', '순위 없음, 시가총액 200000000000000000000달러'],
    ['No rank and no market cap known', '순위와 시가총액을 알 수 없음'],
    [
      'RSI 71 (overbought), MACD below its signal, price 4.4 % above its 50-hour average, over its upper band',
      'RSI 71(과매수), MACD 시그널 아래, 가격은 50시간 평균보다 4.4% 높음, 볼린저 상단 돌파',
    ],
    [
      'RSI 50, MACD at its signal, price at its 20-hour average',
      'RSI 50, MACD 시그널과 같음, 가격은 20시간 평균과 같음',
    ],
    ['No sparkline', '시간별 가격 흐름이 없음'],
    ['Sparkline has 12 usable points, 35 needed', '시간별 가격이 12개뿐임(35개 필요)'],
    ['Not scored: price unknown', '점수 없음: 가격을 알 수 없음'],
    ['Not scored: neither its moves nor its indicators are known', '점수 없음: 가격 변동과 지표를 모두 알 수 없음'],
    ['Not scored: only 21 % of the inputs known', '점수 없음: 입력값의 21%만 확인됨'],
  ] as const)
    t.equal(reasonIn('ko', why, amount), korean)
  t.end()
})

t.test('a reason in a form that is not known is shown as it came', (t) => {
  t.equal(reasonIn('ko', 'A new kind of reason', amount), 'A new kind of reason')
  t.equal(reasonIn('en', 'Up 0.2 % in 7d', amount), 'Up 0.2% in 7d', 'in English percent signs stand as everywhere')
  t.end()
})
