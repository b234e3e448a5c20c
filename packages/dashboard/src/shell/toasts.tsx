/** Notices of alerts that fire while the page is open. */
export function Toasts() {
  return null
}
