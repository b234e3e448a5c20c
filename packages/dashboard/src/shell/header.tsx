import './header.css'
import { LANGUAGES, words } from '../language/words.ts'
import { TIMEFRAMES } from '../market/protocol.ts'
import { ICONS, Icon } from '../pieces/icon.tsx'
import { Segmented } from '../pieces/segmented.tsx'
import { horizon, type LanguageCode, language, theme } from '../preferences.ts'
import { PATHS, route } from '../routing/route.ts'
import { ConnectionLight } from './connection-light.tsx'

/** What stands at the top of every screen. */
export function Header() {
  const { shell, timeframes } = words.value
  const isLight = theme.value === 'light'
  return (
    <header class="top">
      <a class="brand" href={PATHS.market} aria-label="Crypto Signals">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <g fill="none" stroke-linecap="round" stroke-width="3.4">
            <path d="M5 22v-5" stroke="var(--strong-sell)" />
            <path d="M12 25V14" stroke="var(--brand)" />
            <path d="M19 21v-9" stroke="var(--buy)" />
            <path d="M26 17V6" stroke="var(--strong-buy)" />
          </g>
        </svg>
        <span>Crypto Signals</span>
      </a>
      <nav aria-label={shell.nav}>
        <NavLink path={PATHS.market} text={shell.market} page="market" />
        <NavLink path={PATHS['heat-map']} text={shell.heatMap} page="heat-map" />
        <NavLink path={PATHS.alerts} text={shell.alerts} page="alerts" />
        <NavLink path={PATHS.status} text={shell.status} page="status" />
        <a href="/api-docs" class="nav-api">
          {shell.api}
        </a>
      </nav>
      <ConnectionLight />
      <Segmented
        label={shell.horizon}
        value={horizon.value}
        options={TIMEFRAMES.map((value) => ({ value, text: timeframes[value] }))}
        choose={(value) => {
          horizon.value = value
        }}
      />
      <div class="top-tools">
        <button
          type="button"
          class="tool"
          aria-label={isLight ? shell.themeDark : shell.theme}
          onClick={() => {
            theme.value = isLight ? 'dark' : 'light'
          }}
        >
          <Icon path={isLight ? ICONS.moon : ICONS.sun} sizePx={16} />
        </button>
        <select
          class="tool tool-language"
          aria-label={shell.language}
          value={language.value}
          onChange={({ currentTarget }) => {
            language.value = currentTarget.value as LanguageCode
          }}
        >
          {Object.entries(LANGUAGES).map(([code, { name }]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </header>
  )
}

function NavLink({ path, text, page }: { path: string; text: string; page: keyof typeof PATHS }) {
  const isHere = route.value.page === page || (page === 'market' && route.value.page === 'coin')
  return (
    <a href={path} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      <Icon path={ICONS[page]} />
      {text}
    </a>
  )
}
