import { alerts } from './alerts.ko.ts'
import { coin } from './coin.ko.ts'
import type { Words } from './en.ts'
import { heatMap } from './heat-map.ko.ts'
import { loading } from './loading.ko.ts'
import { market } from './market.ko.ts'
import { status } from './status.ko.ts'

/** Every word of the page in Korean. */
export const ko: Words = {
  name: '한국어',
  timeframes: { SCALPING: '초단타', DAY_TRADING: '데이', SWING_TRADING: '스윙', LONG_TERM: '장기' },
  actions: { STRONG_BUY: '강력 매수', BUY: '매수', HOLD: '관망', SELL: '매도', STRONG_SELL: '강력 매도' },
  shell: {
    skip: '본문으로 건너뛰기',
    nav: '페이지',
    market: '시장',
    heatMap: '히트맵',
    alerts: '알림',
    status: '상태',
    api: 'API',
    horizon: '투자 기간',
    theme: '밝은 테마로 바꾸기',
    themeDark: '어두운 테마로 바꾸기',
    language: '언어',
    live: '실시간',
    connecting: '연결 중',
    loading: (coins) => `불러오는 중: 코인 ${coins}개`,
    waiting: '연결 끊김, 재연결 중',
    simulated: '모의 시세',
    simulatedShort: '실제 가격이 아닙니다.',
    simulatedWhy: '이 페이지의 가격, 점수, 알림은 체험용 가상 데이터이며 실제 거래 가격이 아닙니다.',
    disclaimer: '점수는 무료 시장 데이터로 산출하며, 투자 권유가 아니고 수익을 보장하지 않습니다.',
    sources: '데이터 출처',
    notFound: '페이지를 찾을 수 없습니다',
    notFoundWhy: '주소를 다시 확인해 주세요.',
    toMarket: '시장으로 이동',
    error: '이 부분을 표시하지 못했습니다',
    errorWhy: '다른 기능은 정상적으로 이용하실 수 있습니다. 문제가 계속되면 새로고침해 주세요.',
    away: '서버가 응답하지 않습니다',
    awayWhy: '자동으로 다시 연결하고 있습니다. 서버가 응답하는 즉시 표시됩니다.',
    retry: '다시 시도',
    close: '닫기',
  },
  age: {
    now: '방금',
    seconds: (n) => `${n}초`,
    minutes: (n) => `${n}분`,
    hours: (n) => `${n}시간`,
    days: (n) => `${n}일`,
    ago: (age) => `${age} 전`,
  },
  coin,
  heatMap,
  alerts,
  loading,
  market,
  status,
  unsure: '데이터 부족',
  confidence: '신뢰도',
  score: '점수',
}
