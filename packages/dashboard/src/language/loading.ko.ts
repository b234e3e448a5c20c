import type { loading as en } from './loading.en.ts'

export const loading: typeof en = {
  loading: '불러오는 중',
  stale: '서버가 응답하지 않아 마지막으로 받은 데이터를 표시합니다. 다시 연결하는 중입니다.',
  failed: '불러오지 못했습니다',
  failedWhy: '서버가 응답하지 않습니다. 몇 초 간격으로 다시 시도합니다.',
}
