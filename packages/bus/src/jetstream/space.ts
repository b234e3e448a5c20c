/** What the streams and subjects of one system are called: systems in different namespaces share a server and never meet. */
export interface Space {
  stream(name: string): string
  subject(name: string): string
}

export function spaceOf(namespace: string | undefined): Space {
  if (namespace === undefined) return { stream: (name) => name, subject: (name) => name }
  // Of letters alone: no namespace can be taken for a part of a name in another.
  if (!/^[a-z]{1,32}$/.test(namespace)) throw new TypeError('a namespace is a word of small letters')
  return {
    stream: (name) => `${namespace.toUpperCase()}_${name}`,
    subject: (name) => `${namespace}.${name}`,
  }
}
