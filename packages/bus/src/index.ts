export type { Bus, Consumer, DeadLetter, DeadLetters, Handler, Subscription } from './bus.ts'
export type { Replay, ReplayOptions } from './jetstream/replay.ts'
export { openBus, replayDeadLetters } from './open.ts'
