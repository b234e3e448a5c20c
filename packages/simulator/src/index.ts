export type { Fault } from './faults/fault.ts'
export { createLimiter, type Limiter, type LimitUsage } from './limits/limiter.ts'
export { PLANS, type Plan } from './limits/plan.ts'
export { type Simulator, startSimulator } from './simulator.ts'
