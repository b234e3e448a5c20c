import { signal } from '@preact/signals'

/** Where the reader is. The gateway serves the page at each of these paths. */
export type Route =
  | { page: 'market' }
  | { page: 'heat-map' }
  | { page: 'coin'; coinId: string }
  | { page: 'alerts' }
  | { page: 'status' }
  | { page: 'unknown' }

export const PATHS = { market: '/', 'heat-map': '/heatmap', alerts: '/alerts', status: '/status' } as const

export const coinPath = (coinId: string) => `/coin/${encodeURIComponent(coinId)}`

function routeOf(path: string): Route {
  for (const [page, own] of Object.entries(PATHS)) if (path === own) return { page: page as keyof typeof PATHS }
  const [, coin] = /^\/coin\/([^/]+)$/.exec(path) ?? []
  if (coin === undefined) return { page: 'unknown' }
  try {
    return { page: 'coin', coinId: decodeURIComponent(coin) }
  } catch {
    return { page: 'unknown' }
  }
}

export const route = signal<Route>(routeOf(location.pathname))

/** Goes to a path of the page without loading it anew. */
export function go(path: string): void {
  if (path === location.pathname + location.search) return
  history.pushState(null, '', path)
  isReturn = false
  arrive()
  scrollTo(0, 0)
}

/** Whether the reader came by going back or forth: then he expects the screen as he left it. */
export let isReturn = false

export function startRouting(): void {
  addEventListener('popstate', () => {
    isReturn = true
    arrive()
  })
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href]')
    if (!(link instanceof HTMLAnchorElement) || isForBrowser(event, link)) return
    event.preventDefault()
    go(link.pathname + link.search)
  })
}

function arrive(): void {
  route.value = routeOf(location.pathname)
}

const isForBrowser = (event: MouseEvent, link: HTMLAnchorElement) =>
  event.defaultPrevented ||
  event.button !== 0 ||
  event.metaKey ||
  event.ctrlKey ||
  event.shiftKey ||
  event.altKey ||
  link.origin !== location.origin ||
  link.target !== '' ||
  link.pathname.startsWith('/api')
