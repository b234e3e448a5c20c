import * as contract from '@crypto-signals/contracts'
import t from 'tap'
import { ACTION_FILTERS, ACTIONS, ALERT_TYPES, TIMEFRAMES } from './words.ts'

t.test('it knows every word that the API knows', async (t) => {
  t.same(TIMEFRAMES, contract.TIMEFRAMES)
  t.same(ACTIONS, contract.ACTIONS)
  t.same(ACTION_FILTERS, contract.ACTION_FILTERS)
  t.same(ALERT_TYPES, contract.ALERT_TYPES)
})
