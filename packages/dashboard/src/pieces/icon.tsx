/** Lines on 20 by 20. */
export const ICONS = {
  market: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h8',
  'heat-map': 'M3.5 3.5h7.5v8H3.5zM14 3.5h2.5v8H14zM3.5 14.5h13v2H3.5z',
  alerts: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4zM8.5 17h3',
  status: 'M2.5 10.5h3.5l2.5-6 3.5 11 2.5-5h3',
  bell: 'M10 2.8a4.8 4.8 0 0 0-4.8 4.8c0 4.3-1.8 5.6-1.8 5.6h13.2s-1.8-1.3-1.8-5.6A4.8 4.8 0 0 0 10 2.8zM8.3 16a1.9 1.9 0 0 0 3.4 0',
  bin: 'M3.5 5.5h13M8 5.5V3.8h4v1.7M5.2 5.5l.7 10.7h8.2l.7-10.7M8.3 8.6v4.6M11.7 8.6v4.6',
  sun: 'M10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M15.8 4.2l-1.4 1.4M5.6 14.4l-1.4 1.4',
  moon: 'M16.8 11.6A7 7 0 0 1 8.4 3.2a7 7 0 1 0 8.4 8.4z',
} as const

export const Icon = ({ path, sizePx = 20, class: name }: { path: string; sizePx?: number; class?: string }) => (
  <svg
    class={name}
    viewBox="0 0 20 20"
    width={sizePx}
    height={sizePx}
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
)
