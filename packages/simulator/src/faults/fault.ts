/** What goes wrong at one source for a time. */
export type Fault = FaultSpan &
  (
    | { kind: 'outage'; answer: 'error' | 'silence' | 'blocked' }
    /** It tells what was so this long ago. */
    | { kind: 'lag'; lagMs: number }
    /** Its prices of these coins are this many times what they should be. */
    | { kind: 'wrong-prices'; coinIds: readonly string[]; factor: number }
    /** This share of the rows has fields missing, null, of other types, or unheard of. */
    | { kind: 'surprises'; share: number }
    /** What it called by one coin's names means another coin now. */
    | { kind: 'symbol-reuse'; coinId: string; becomesId: string }
  )

interface FaultSpan {
  /** The source's name. */
  source: string
  /** Milliseconds since the epoch. */
  fromMs: number
  toMs: number
}

export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>

/** The faults of one kind that a source has at a time. */
export const faultsOf = (faults: readonly Fault[], source: string) => {
  const own = faults.filter((fault) => fault.source === source)
  return <Kind extends Fault['kind']>(kind: Kind, now: number): FaultOf<Kind>[] =>
    own.filter((fault): fault is FaultOf<Kind> => fault.kind === kind && fault.fromMs <= now && now < fault.toMs)
}
export type SourceFaults = ReturnType<typeof faultsOf>
