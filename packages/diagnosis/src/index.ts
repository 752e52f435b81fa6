export * from './apply.ts'
export { type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
export { conntrackShare } from './counter-growth.ts'
export { evaluate, type FindingChanges, visibleFindings } from './evaluate.ts'
export { areRecovered } from './evidence.ts'
export type { Candidate, Fault, View } from './fault.ts'
export { faults } from './faults/registry.ts'
export * from './fleet.ts'
export { REPLACED_SECONDS } from './held-back.ts'
export { applyClockSet, applyPause } from './interruptions.ts'
export { machineChecks } from './machine-checks.ts'
export { median } from './median.ts'
export * from './node-state.ts'
export { probeKey, probeKeys } from './probe-key.ts'
export { type Recording, startRecording } from './recording.ts'
export { type AgentRow, type Remembered, type RememberedAgent, remember } from './remember.ts'
export { type AfterTick, type Replayed, replayRecording, type Told } from './replay-recording.ts'
export { resolvConfChecks } from './resolv-conf-checks.ts'
export { carryWindows, type RestoredState, restoreWindows } from './restore.ts'
export { isRemembered } from './silence.ts'
export * from './thresholds.ts'
export { addToTally, createTally, type Tally, verdictOf, verdictOfTally } from './verdict.ts'
export {
  type AgentWindows,
  addSamples,
  createWindows,
  expire,
  type ProbeState,
  probeState,
  type StateChange,
} from './window.ts'
export * from './words.ts'
export { worstFirst } from './worst-first.ts'
