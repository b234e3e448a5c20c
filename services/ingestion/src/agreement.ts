/** Whether two amounts are the same but for a share of the smaller one. */
export const agree = (amount: number, other: number, tolerance: number): boolean =>
  amount <= other * (1 + tolerance) && other <= amount * (1 + tolerance)
