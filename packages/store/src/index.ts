export { openStore, type StoreOptions } from './open.ts'
export type {
  AlertRecord,
  AlertStore,
  BarSeries,
  BarStore,
  BudgetStore,
  BudgetUsage,
  CallLimits,
  CoinBars,
  CoinScores,
  ListedCoin,
  Mapping,
  MappingStore,
  QuoteStore,
  ScoreStore,
  SignalStore,
  SourceStore,
  Store,
  SweepProgress,
} from './store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
