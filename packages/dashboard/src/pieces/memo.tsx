import type { FunctionComponent, VNode } from 'preact'
import { useRef } from 'preact/hooks'

/** The component, drawn anew only where its props are not the same as before. */
export function memo<Props extends object>(
  Drawn: FunctionComponent<Props>,
  isSame: (a: Props, b: Props) => boolean = isAlike,
): FunctionComponent<Props> {
  return function Memo(props) {
    const last = useRef<{ props: Props; node: VNode } | null>(null)
    if (last.current === null || !isSame(last.current.props, props))
      last.current = { props, node: <Drawn {...props} /> }
    return last.current.node
  }
}

const isAlike = <Props extends object>(a: Props, b: Props) =>
  Object.entries(b).every(([name, value]) => a[name as keyof Props] === value)
