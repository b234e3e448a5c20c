import { Component, type ComponentChildren } from 'preact'
import { words } from '../language/words.ts'
import { Notice } from '../pieces/panel.tsx'

/** Keeps a screen that fails from taking the others with it. Preact wants a class for this. */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false }

  static override getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    const { shell } = words.value
    if (!this.state.failed) return this.props.children
    return (
      <Notice title={shell.error}>
        <p>{shell.errorWhy}</p>
        <button type="button" class="button" onClick={() => this.setState({ failed: false })}>
          {shell.retry}
        </button>
      </Notice>
    )
  }
}
