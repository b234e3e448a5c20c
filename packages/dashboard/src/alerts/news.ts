import { computed, signal } from '@preact/signals'
import { api } from '../api.ts'
import { fired } from '../market/market.ts'

/** When what had fired before the page was opened last did so, by the server's clock; null until that is known. */
const knownUntil = signal<string | null>(null)

/** What fired since the page is open, newest first. The stream also tells of what fired shortly before: that is no news. */
export const news = computed(() => {
  const { value: until } = knownUntil
  return until === null ? [] : fired.value.filter(({ triggeredAt }) => triggeredAt > until)
})

/** Finds out what is no news. */
export async function startNews(): Promise<void> {
  try {
    const { data } = await api.alerts.triggered({ limit: 1 })
    knownUntil.value = data[0]?.triggeredAt ?? ''
  } catch {
    // Better told twice than not at all.
    knownUntil.value = ''
  }
}
