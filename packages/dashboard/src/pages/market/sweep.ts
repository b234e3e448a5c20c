import type { Coverage } from '@crypto-signals/client'
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api.ts'
import { useLoaded } from '../../pieces/loaded.tsx'

/** How far the system is with its first sweep, in coins; null once it has been through nearly all, and before that is known. */
export const sweep = signal<{ scored: number; listed: number } | null>(null)

/** How much of the market the system has been through: asked for often until that is nearly all of it. */
export function useReach() {
  const [everyMs, setEvery] = useState(SOON_MS)
  const { data, error } = useLoaded({ key: 'coverage', ask: () => api.coverage(), everyMs })
  const reach = data?.data
  const isOver = reach !== undefined && !isUnderWay(reach)
  useEffect(() => setEvery(isOver ? LATER_MS : SOON_MS), [isOver])
  return { reach, isOver, error }
}

const [SOON_MS, LATER_MS] = [2_000, 60_000]

/** Whether the system has not been through nearly all that is listed; also before it knows what is. */
const isUnderWay = ({ scored, listed }: Pick<Coverage['data'], 'scored' | 'listed'>): boolean =>
  listed === 0 || scored < listed * NEARLY_ALL

const NEARLY_ALL = 0.9
