import './panel.css'
import type { ComponentChildren } from 'preact'

interface PanelProps {
  title?: string
  /** Beside the title, at the end. */
  aside?: ComponentChildren
  children: ComponentChildren
  class?: string
}

/** A part of a page, with a title of its own. */
export function Panel({ title, aside, children, class: name = '' }: PanelProps) {
  return (
    <section class={`panel ${name}`}>
      {(title !== undefined || aside !== undefined) && (
        <header class="panel-head">
          {title !== undefined && <h2>{title}</h2>}
          {aside}
        </header>
      )}
      {children}
    </section>
  )
}

/** Where there is nothing to show: what that means, and what to do about it. */
export function Notice({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="notice" role="status">
      <p class="notice-title">{title}</p>
      {children !== undefined && <div class="dim">{children}</div>}
    </div>
  )
}
