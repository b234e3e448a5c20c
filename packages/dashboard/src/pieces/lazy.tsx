import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component whose code comes when it is first shown. What keeps it from coming is thrown where it would be; shown anew, it is asked for anew. */
export function lazy<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Loaded: FunctionComponent<Props> | undefined
  return function Lazy(props) {
    const [failure, setFailure] = useState<{ error: unknown } | null>(null)
    const [, draw] = useState({})
    useEffect(() => {
      if (Loaded !== undefined) return
      load().then(
        (loaded) => {
          Loaded = loaded
          draw({})
        },
        (error: unknown) => setFailure({ error }),
      )
    }, [])
    if (failure !== null) throw failure.error
    return Loaded === undefined ? null : <Loaded {...props} />
  }
}
