import { signal } from '@preact/signals'

/** How far the system is with its first sweep, in coins; null once it has been through nearly all, and before that is known. */
export const sweep = signal<{ scored: number; listed: number } | null>(null)
