import { computed } from '@preact/signals'
import { language } from '../../preferences.ts'

/** How moments are written on an axis and beside a cursor. */
export const moments = computed(() => {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const written = new Intl.DateTimeFormat(language.value, options)
    return (seconds: number) => written.format(seconds * 1_000)
  }
  const [month, year] = [format({ month: 'short' }), format({ year: 'numeric' })]
  return {
    hour: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: format({ month: 'short', day: 'numeric' }),
    month: (seconds: number) => (new Date(seconds * 1_000).getMonth() === 0 ? year(seconds) : month(seconds)),
    full: format({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: format({ year: 'numeric', month: 'short', day: 'numeric' }),
  }
})
