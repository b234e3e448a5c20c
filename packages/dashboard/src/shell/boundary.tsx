import { effect } from '@preact/signals'
import { Component, type ComponentChildren } from 'preact'
import { words } from '../language/words.ts'
import { connection } from '../market/market.ts'
import { Notice } from '../pieces/panel.tsx'

/**
 * Keeps a screen that fails from taking the others with it. One that failed while the server was away, since its code could not be
 * loaded, is tried again when the server is back. Preact wants a class for this.
 */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false }
  #stop = () => {}
  #wasAway = false

  static override getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidMount() {
    this.#stop = effect(() => {
      const isAway = connection.value.state === 'waiting'
      if (this.#wasAway && !isAway) this.setState({ failed: false })
      this.#wasAway = isAway
    })
  }

  override componentWillUnmount() {
    this.#stop()
  }

  override render() {
    const { shell } = words.value
    if (!this.state.failed) return this.props.children
    const isAway = connection.value.state === 'waiting'
    return (
      <Notice title={isAway ? shell.away : shell.error}>
        <p>{isAway ? shell.awayWhy : shell.errorWhy}</p>
        <button type="button" class="button" onClick={() => this.setState({ failed: false })}>
          {shell.retry}
        </button>
      </Notice>
    )
  }
}
