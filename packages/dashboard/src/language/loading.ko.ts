import type { loading as en } from './loading.en.ts'

export const loading: typeof en = {
  loading: '불러오는 중',
  stale: '서버가 응답하지 않아 마지막으로 받은 내용을 보여 드립니다. 다시 요청하는 중입니다.',
  failed: '불러오지 못했습니다',
  failedWhy: '서버가 응답하지 않습니다. 몇 초마다 다시 요청합니다.',
}
