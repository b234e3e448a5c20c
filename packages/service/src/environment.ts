import { type Static, Type } from '@sinclair/typebox'
import { ENGINES_ENVIRONMENT } from './engines.ts'

const text = (options: object = {}) => Type.String({ minLength: 1, ...options })

/** The free market sources there are. */
export const MARKET_SOURCES = [
  'coingecko',
  'coinpaprika',
  'coinlore',
  'defillama',
  'coinmarketcap',
  'dexscreener',
  'geckoterminal',
  'binance',
  'bybit',
  'okx',
  'kraken',
  'kucoin',
  'gate',
  'mexc',
  'bitget',
  'coinbase',
  'alternative-me',
] as const

const NAMES = MARKET_SOURCES.join('|')

/** What every process reads from the environment; `port` is where it listens unless told otherwise. */
export const processEnvironment = (port: number) => ({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: port }),
  HOST: text({ default: '127.0.0.1' }),
  LOG_LEVEL: text({ default: 'info', pattern: '^(fatal|error|warn|info|debug|trace|silent)$' }),
  LOG_DIR: Type.Optional(text()),
  NODE_ENV: Type.Optional(text()),
  METRICS_PUBLIC: Type.Boolean({ default: false, description: 'Serve /metrics to everybody, not to loopback alone' }),
  MARKET_SOURCES: text({
    default: 'auto',
    pattern: `^(auto|simulator|(?=(.*,)?coingecko(,|$))(${NAMES})(,(${NAMES}))*)$`,
    expected: `must be auto, simulator, or names with commas between and no spaces, coingecko among them: ${MARKET_SOURCES.join(', ')}`,
    description:
      '`auto`: every free source; or their names, with commas. `simulator`: an invented market, whose data never meet real ones',
  }),
  ...ENGINES_ENVIRONMENT,
})

const ProcessConfig = Type.Object(processEnvironment(0))
export type ProcessConfig = Static<typeof ProcessConfig>

/** Whether the process is to work on an invented market. */
export const isSimulated = ({ MARKET_SOURCES }: Pick<ProcessConfig, 'MARKET_SOURCES'>): boolean =>
  MARKET_SOURCES === 'simulator'
