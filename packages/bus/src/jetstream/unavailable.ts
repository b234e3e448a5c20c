/** An error that passes by itself, when NATS is there and well again; whoever serves a request on it answers 503. */
export const unavailable = (message: string, options?: ErrorOptions) =>
  Object.assign(new Error(message, options), { code: 'BUS_UNAVAILABLE', statusCode: 503 })
