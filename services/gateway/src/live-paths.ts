/** What the server goes on telling, as SSE and over a WebSocket. */
export const STREAM_PATH = '/api/stream'
export const WEB_SOCKET_PATH = '/api/stream/ws'

/** The whole market in one answer. */
export const EXPORT_PATHS = ['/api/export.ndjson', '/api/export.csv']
