import { computed, signal } from '@preact/signals'

const isPhone = matches('(max-width: 720px)')
const isWide = matches('(min-width: 1560px)')

/** How much room there is: what is never seen is not drawn. The limits are those of the style. */
export const screen = computed(() => (isPhone.value ? 'phone' : isWide.value ? 'wide' : 'middle'))

function matches(query: string) {
  const media = matchMedia(query)
  const held = signal(media.matches)
  media.addEventListener('change', ({ matches }) => {
    held.value = matches
  })
  return held
}
