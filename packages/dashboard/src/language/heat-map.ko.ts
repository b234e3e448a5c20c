import type { heatMap as en } from './heat-map.en.ts'

/** The words of the heat map in Korean. */
export const heatMap: typeof en = {
  title: '히트맵',
  lead: (coins, horizon) => `시가총액 상위 ${coins}개 코인을 ${horizon} 점수에 따라 색으로 표시합니다`,
  count: '코인 수',
  top: (n) => `상위 ${n}`,
  scale: '타일 크기 기준',
  scales: { root: '고르게', linear: '시가총액' },
  form: '보기 방식',
  map: '맵',
  list: '목록',
  mapLabel: '코인 타일입니다. 화살표 키로 이동하고 Enter 키로 코인을 엽니다.',
  legend: '투자의견별로 보기',
  bearish: '약세',
  bullish: '강세',
  unsure: '데이터 부족',
  empty: '아직 시가총액이 확인된 코인이 없습니다',
  emptyWhy: '첫 시세를 받는 중입니다. 맵은 자동으로 채워집니다.',
  waiting: '시장 데이터를 불러오는 중',
  unscored: '아직 점수 없음',
  table: { coin: '코인', score: '점수', price: '가격', change: '24시간', marketCap: '시가총액' },
  spans: { '1h': '1시간', '7d': '7일', '30d': '30일' },
  tile: (name, said, change) => `${name}: ${said}, 24시간 ${change}`,
  said: (score, action) => `점수 ${score}, ${action}`,
}
