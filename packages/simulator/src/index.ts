export { type Simulator, startSimulator } from './simulator.ts'
