import type { SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'

/** Tells a person who waits how far the first sweep is: at the start, at every tenth, at the end. */
export function createFirstSweepLog(log: Logger): (progress: SweepProgress) => void {
  let told = -1
  return (progress) => {
    const { chunksDone, chunksTotal, rowsGood, startedAt, finishedAt } = progress
    if (finishedAt !== null) {
      const seconds = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
      log.info(`first sweep done: ${grouped(rowsGood)} coins in ${grouped(seconds)} s`)
      return
    }
    const tenth = Math.floor((chunksDone * 10) / chunksTotal)
    if (tenth <= told) return
    told = tenth
    log.info(`first sweep: ${chunksDone} of ${chunksTotal} chunks, ${grouped(rowsGood)} coins`)
  }
}

const grouped = (count: number) => count.toLocaleString('en-US')
