export { openStore } from './open.ts'
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
