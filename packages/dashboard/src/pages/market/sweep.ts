import type { Coverage } from '@crypto-signals/client'
import { signal } from '@preact/signals'

/** How far the system is with its first sweep, in coins; null once it has been through nearly all, and before that is known. */
export const sweep = signal<{ scored: number; listed: number } | null>(null)

/** Whether the system has not been through nearly all that is listed; also before it knows what is. */
export const isUnderWay = ({ scored, listed }: Pick<Coverage['data'], 'scored' | 'listed'>): boolean =>
  listed === 0 || scored < listed * NEARLY_ALL

const NEARLY_ALL = 0.9
