import { parse } from 'yaml'

export interface Sample {
  name: string
  labels: Record<string, string>
}

/** The samples on a page of Prometheus' text format. */
export function samplesIn(page: string): Sample[] {
  return [...page.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)].map(([, name = '', labels = '']) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value])),
  }))
}

/** All PromQL in a dashboard (JSON) or in alert rules (YAML): what stands under `expr`. */
export function queriesIn(text: string): string[] {
  const found: string[] = []
  parse(text, (key, value: unknown) => {
    if (key === 'expr') found.push(String(value))
    return value
  })
  return found
}

export interface Figure {
  query: string
  metric: string
  labels: string[]
}

/** The metrics that a query names, each with the labels that the query expects of its figures. */
export function metricsIn(query: string): Figure[] {
  const bare = query.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, '')
  const grouped = [...bare.matchAll(/\b(?:by|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/))
  const plain = bare.replaceAll(/\b(?:by|ignoring) \([^)]*\)/g, '')
  return [...plain.matchAll(/\b([a-z_]\w*)(?!\w|\s*\(|\s*!?=[~"])(?:\{([^}]*)\})?/g)].flatMap(
    ([, metric = '', matchers = '']) => {
      if (OPERATORS.has(metric)) return []
      const matched = [...matchers.matchAll(/(\w+)\s*[!=]/g)].map(([, label = '']) => label)
      return { query, metric, labels: [...matched, ...grouped] }
    },
  )
}

const OPERATORS = new Set(['and', 'or', 'unless', 'on', 'ignoring', 'bool', 'e6'])
