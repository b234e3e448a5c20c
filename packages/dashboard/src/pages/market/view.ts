import { computed, signal } from '@preact/signals'
import type { Action, Sort, View } from '../../market/protocol.ts'
import { horizon, starred } from '../../preferences.ts'
import { beginsDescending, choiceIn, FIRST_CHOICE, type ViewChoice } from './view-query.ts'

/** What the reader chose to see. It stays while he looks at other screens. */
export const choice = signal<ViewChoice>(choiceIn(location.search))

export const view = computed<View>(() => {
  const { starred: onlyStarred, ...rest } = choice.value
  return { ...rest, horizon: horizon.value, only: onlyStarred ? [...starred.value] : null }
})

export const isFiltered = computed(() => {
  const { actions, search, sure, maxRank, minVolumeUsd, starred } = choice.value
  return actions.length > 0 || search !== '' || sure || maxRank !== null || minVolumeUsd !== null || starred
})

export function choose(next: Partial<ViewChoice>): void {
  choice.value = { ...choice.value, ...next }
}

/** Sorts by a column; once more, the other way round. */
export function sortBy(sort: Sort): void {
  const isSame = choice.value.sort === sort
  choose({ sort, descending: isSame ? !choice.value.descending : beginsDescending(sort) })
}

export function toggleAction(action: Action): void {
  const { actions } = choice.value
  choose({
    actions: actions.includes(action) ? actions.filter((other) => other !== action) : [...actions, action],
  })
}

export function clearFilters(): void {
  const { sort, descending } = choice.value
  choice.value = { ...FIRST_CHOICE, sort, descending }
}
