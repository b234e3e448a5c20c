import type { SourceStatus } from '@crypto-signals/client'
import type { Words } from '../../language/en.ts'

/**
 * How a source may be used, in the reader's language; terms that the page does not know as they came. One that says nothing of its terms,
 * or no more than that it is open, needs no second word.
 */
export function termsText(access: SourceStatus['access'], terms: string, { status }: Words): string {
  const said = Object.hasOwn(status.terms, terms) ? status.terms[terms] : terms
  return terms === 'unknown' || terms === 'open' ? status.access[access] : `${status.access[access]} · ${said}`
}
