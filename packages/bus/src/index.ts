export type { Bus, Consumer, DeadLetter, DeadLetters, Handler, Subscription } from './bus.ts'
export { openBus } from './open.ts'
