export { openStore, type StoreOptions } from './open.ts'
export type {
  AlertRecord,
  AlertStore,
  BudgetStore,
  BudgetUsage,
  CallLimits,
  ListedCoin,
  QuoteStore,
  SignalStore,
  SourceStore,
  Store,
  SweepProgress,
} from './store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
