/** The same function, which remembers its newest answers, some thousand of them. */
export function memo<Key extends string | number, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    if (made.size >= LIMIT) made.clear()
    const value = make(key)
    made.set(key, value)
    return value
  }
}

const LIMIT = 2_000
