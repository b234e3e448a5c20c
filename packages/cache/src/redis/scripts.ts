/** What must happen at once: one round trip each, and nothing of others in between. */
export const SCRIPTS = {
  // A count that a replica knows and Redis does not, as it was started empty, goes on instead of beginning anew.
  // The window ends too if Redis forgot to end it, or if its clock was set back.
  count: {
    numberOfKeys: 1,
    lua: `
      local windowMs, known, knownLeftMs = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local count = redis.call('INCR', KEYS[1])
      if count <= known then
        count = redis.call('INCRBY', KEYS[1], known + 1 - count)
      end
      local leftMs = redis.call('PTTL', KEYS[1])
      if leftMs < 0 or leftMs > windowMs then
        leftMs = known > 0 and knownLeftMs or windowMs
        redis.call('PEXPIRE', KEYS[1], leftMs)
      end
      return { count, leftMs }`,
  },
  // The token is a time or more, so that it rises too after Redis was started empty.
  // The hash never expires, as the token must be remembered: nor is it evicted where only what expires is.
  lease: {
    numberOfKeys: 1,
    lua: `
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local last = redis.call('HMGET', KEYS[1], 'holder', 'endsAt', 'token')
      if last[1] and last[1] ~= ARGV[1] and tonumber(last[2]) > now then
        return false
      end
      local token = math.max(now, tonumber(last[3] or 0) + 1)
      redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'endsAt', now + ARGV[2], 'token', token)
      return token`,
  },
  /** Moves the end of the lease that bears the token to so many milliseconds from now, if it still runs. */
  extend: {
    numberOfKeys: 1,
    lua: `
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local last = redis.call('HMGET', KEYS[1], 'token', 'endsAt')
      if last[1] ~= ARGV[1] or tonumber(last[2]) <= now then
        return 0
      end
      redis.call('HSET', KEYS[1], 'endsAt', now + ARGV[2])
      return 1`,
  },
}

/** The scripts as the client offers them. */
export interface Scripts {
  count(key: string, windowMs: number, known: number, knownLeftMs: number): Promise<[count: number, leftMs: number]>
  lease(key: string, holder: string, ttlMs: number): Promise<number | null>
  extend(key: string, token: number, ms: number): Promise<0 | 1>
}
