import './footer.css'
import { words } from '../language/words.ts'

/** What must stand on every screen: that this is no advice, and whose data they are. */
export function Footer() {
  const { shell } = words.value
  return (
    <footer class="bottom">
      <p>{shell.disclaimer}</p>
    </footer>
  )
}
