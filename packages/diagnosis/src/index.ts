export * from './apply.ts'
export { type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
export { evaluate, type FindingChanges, visibleFindings } from './evaluate.ts'
export { areRecovered } from './evidence.ts'
export type { Candidate, Fault, View } from './fault.ts'
export { faults } from './faults/registry.ts'
export * from './fleet.ts'
export { applyClockSet, applyPause } from './interruptions.ts'
export * from './node-state.ts'
export { type Recording, startRecording } from './recording.ts'
export { type AgentRow, type Remembered, type RememberedAgent, remember } from './remember.ts'
export { type Replayed, replayRecording } from './replay-recording.ts'
export { carryWindows, type RestoredState, restoreWindows } from './restore.ts'
export * from './thresholds.ts'
export { verdictOf } from './verdict.ts'
export {
  type AgentWindows,
  addSamples,
  createWindows,
  expire,
  type ProbeState,
  probeState,
  type StateChange,
} from './window.ts'
