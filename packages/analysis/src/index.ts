export { calculatePriceScore } from './components/price.ts'
export { calculateVolumeScore } from './components/volume.ts'
export { scoreCoin } from './score.ts'
