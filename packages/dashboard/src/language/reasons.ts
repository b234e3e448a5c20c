/**
 * A reason of a score in the reader's language. The server gives them in English, in the few forms below; what has none of these forms
 * is left as it is. `amount` writes dollars.
 */
export function reasonIn(language: 'en' | 'ko', why: string, amount: (usd: number) => string): string {
  if (language === 'en') return why.replaceAll(' %', '%')
  for (const [form, inKorean] of FORMS) {
    const found = form.exec(why)
    if (found !== null) return inKorean(found.groups ?? {}, (text) => amountIn(text, amount))
  }
  return why
}

type Parts = Readonly<Record<string, string | undefined>>
type Form = readonly [RegExp, (parts: Parts, money: (text: string) => string) => string]

const MONEY = String.raw`<?\$[\d.]+(?:[TBMk]|e[+]\d+)?`

const FORMS: readonly Form[] = [
  [/^(?<moves>(?:Up|Down|Flat) .*)$/, ({ moves = '' }) => movesIn(moves)],
  [/^Change over (?<spans>[\w, ]+) unknown$/, ({ spans = '' }) => `${spansIn(spans)} 변동률을 알 수 없음`],
  [
    new RegExp(`^Traded (?<traded>${MONEY}) in 24h, (?<part>\\S+) % of market cap: (?<verdict>.+)$`),
    ({ traded = '', part, verdict = '' }, money) =>
      `24시간 거래대금 ${money(traded)}, 시가총액의 ${part}%: ${VERDICTS[verdict] ?? verdict}`,
  ],
  [/^24h volume unknown$/, () => '24시간 거래대금을 알 수 없음'],
  [/^Market cap unknown$/, () => '시가총액을 알 수 없음'],
  [/^No price change known that volume could confirm$/, () => '거래량으로 확인할 가격 변동을 알 수 없음'],
  [
    new RegExp(`^Rank (?<rank>\\d+) by market cap(?:, (?<cap>${MONEY}))?$`),
    ({ rank, cap }, money) => `시가총액 ${rank}위${cap === undefined ? '' : `, ${money(cap)}`}`,
  ],
  [new RegExp(`^Unranked, market cap (?<cap>${MONEY})$`), ({ cap = '' }, money) => `순위 없음, 시가총액 ${money(cap)}`],
  [/^No rank and no market cap known$/, () => '순위와 시가총액을 알 수 없음'],
  [
    /^RSI (?<rsi>\d+)(?: \((?<zone>overbought|oversold)\))?, MACD (?<side>at|above|below) its signal, price (?:(?<gap>\S+) % )?(?<place>at|above|below) its (?<hours>\d+)-hour average(?<band>, over its upper band|, under its lower band)?$/,
    technicalIn,
  ],
  [/^No sparkline$/, () => '시간별 가격 흐름이 없음'],
  [
    /^Sparkline has (?<has>\d+) usable points, (?<needed>\d+) needed$/,
    ({ has, needed }) => `시간별 가격이 ${has}개뿐임(${needed}개 필요)`,
  ],
  [/^Not scored: price unknown$/, () => '점수 없음: 가격을 알 수 없음'],
  [
    /^Not scored: neither its moves nor its indicators are known$/,
    () => '점수 없음: 가격 변동과 지표를 모두 알 수 없음',
  ],
  [/^Not scored: only (?<part>\d+) % of the inputs known$/, ({ part }) => `점수 없음: 입력값의 ${part}%만 확인됨`],
]

const VERDICTS: Readonly<Record<string, string>> = {
  'no move to confirm': '뒷받침할 변동 없음',
  'strongly confirms the rise': '상승을 강하게 뒷받침',
  'confirms the rise': '상승을 뒷받침',
  'barely confirms the rise': '상승을 뒷받침하기엔 부족',
  'strongly confirms the fall': '하락을 강하게 뒷받침',
  'confirms the fall': '하락을 뒷받침',
  'barely confirms the fall': '하락을 뒷받침하기엔 부족',
}

const SPANS: Readonly<Record<string, string>> = {
  '1h': '1시간',
  '24h': '24시간',
  '7d': '7일',
  '14d': '14일',
  '30d': '30일',
  '200d': '200일',
  '1y': '1년',
}

const spansIn = (spans: string) =>
  spans
    .split(', ')
    .map((span) => SPANS[span] ?? span)
    .join(', ')

const DIRECTIONS: Readonly<Record<string, string>> = { up: '상승', down: '하락', flat: '보합' }

/** A direction holds for the moves after it until the next is named. */
function movesIn(moves: string): string {
  let direction = ''
  return moves
    .split(', ')
    .map((move) => {
      const {
        named,
        size,
        span = '',
      } = /^(?:(?<named>[A-Za-z]+) )?(?:(?<size>\S+) % )?in (?<span>\w+)$/.exec(move)?.groups ?? {}
      direction = named === undefined ? direction : (DIRECTIONS[named.toLowerCase()] ?? named)
      return `${SPANS[span] ?? span} ${size === undefined ? '' : `${size}% `}${direction}`
    })
    .join(', ')
}

function technicalIn({ rsi, zone, side = '', gap, place = '', hours, band }: Parts): string {
  const strength = zone === undefined ? '' : zone === 'overbought' ? '(과매수)' : '(과매도)'
  const distance = place === 'at' ? '평균과 같음' : `평균보다 ${gap}% ${place === 'above' ? '높음' : '낮음'}`
  const beyond = band === undefined ? '' : band.includes('upper') ? ', 볼린저 상단 돌파' : ', 볼린저 하단 이탈'
  return `RSI ${rsi}${strength}, MACD ${SIDES[side]}, 가격은 ${hours}시간 ${distance}${beyond}`
}

const SIDES: Readonly<Record<string, string>> = {
  at: '시그널과 같음',
  above: '시그널 위',
  below: '시그널 아래',
}

const UNITS: Readonly<Record<string, number>> = { T: 1e12, B: 1e9, M: 1e6, k: 1e3 }

/** `$67.6B` in the reader's own units; what is less than a cent stays as it is. */
function amountIn(text: string, amount: (usd: number) => string): string {
  if (text.startsWith('<')) return text
  const digits = text.slice(1).replace(/[TBMk]$/, '')
  return amount(Number(digits) * (UNITS[text.at(-1) ?? ''] ?? 1))
}
