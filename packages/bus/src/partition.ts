import { EVENTS, type EventName } from '@crypto-signals/contracts'

/** Whether the events of a name lie in partitions, each of which is handled in order. */
export const isPartitioned = (name: EventName): boolean => EVENTS[name].wildcard.endsWith('.*')
