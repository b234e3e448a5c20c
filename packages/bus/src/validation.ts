import { EVENTS, type EventName } from '@crypto-signals/contracts'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { reasonOf } from './dead-letters.ts'

/** A check of events of one name: undefined if the event fits its schema, else where it does not and why. */
export function faultFinder(name: EventName): (event: unknown) => string | undefined {
  const check = checks.get(name) ?? TypeCompiler.Compile(EVENTS[name].schema)
  checks.set(name, check)
  return (event) => {
    if (check.Check(event)) return undefined
    const fault = check.Errors(event).First()
    return fault === undefined ? 'does not fit its schema' : reasonOf(`${fault.path || '/'}: ${fault.message}`)
  }
}

// Compiling takes milliseconds, and it needs doing once for a process.
const checks = new Map<EventName, TypeCheck<(typeof EVENTS)[EventName]['schema']>>()
