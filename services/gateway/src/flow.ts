import type { Duplex, Readable } from 'node:stream'
import type { Answer, Question } from './question.ts'

/** An answer that is handed on while it comes; whoever was given it reads it to its end or destroys it. */
export interface Flow extends Omit<Answer, 'body'> {
  body: Readable
}

/** A connection that speaks another protocol from now on, both ways; `head` are bytes of it that came already. */
export interface Tunnel {
  headers: Record<string, string>
  socket: Duplex
  head: Buffer
}

/**
 * Asks for what has no end, or too long a one to be held. Failures and other short answers come whole. Rejects with what the caller
 * is to be told; what it rejects with once `signal` is aborted is of no interest.
 */
export type Open = (question: Question, options: OpenOptions) => Promise<Answer | Flow | Tunnel>

interface OpenOptions {
  /** `made`: it is put together first, which takes its time. `told`: it begins at once. */
  kind: 'made' | 'told'
  signal: AbortSignal
}

export const isTunnel = (opened: Answer | Flow | Tunnel): opened is Tunnel => 'socket' in opened

export const isFlow = (opened: Answer | Flow): opened is Flow => !Buffer.isBuffer(opened.body)
