import type { SourceStatus } from '@crypto-signals/client'

/** Whom the reader is to be told of, and where they are found. */
export interface Credit {
  title: string
  url: string
  /** In the source's own words. */
  text: string
}

/** The sources that answered: by name those that ask for it, and how many exchanges. Nobody is thanked for an invented market. */
export function creditsOf(sources: readonly SourceStatus[]): { named: Credit[]; exchanges: number } {
  const used = sources.filter(({ simulated, lastSuccessAt }) => !simulated && lastSuccessAt !== null)
  const isExchange = ({ kind }: SourceStatus) => kind === 'exchange'
  return {
    named: used
      .filter((source) => !isExchange(source) && isWeb(source.attribution.url))
      .map(({ title, attribution }) => ({ title, ...attribution }))
      .sort((a, b) => a.title.localeCompare(b.title, 'en')),
    exchanges: used.filter(isExchange).length,
  }
}

/** Whether a link may lead there: an address comes with the data, and `javascript:` is one too. */
export function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
