export { type ClockOffset, clockOffset, type Exchange } from './clock-offset.ts'
export { askConnect } from './connect.ts'
export { type FactRoots, machineRoots, readFacts } from './facts.ts'
export { askHealth } from './health.ts'
export { readLocalAddresses } from './local-addresses.ts'
export { measureNtp, type NtpAddress, type NtpContext } from './ntp.ts'
export { askPair } from './pair.ts'
export type { ControlAsk, DnsAsk, Probe, ProbeContext, WireQuestion } from './probe.ts'
export { questionFor } from './question.ts'
export { readResolvConf } from './resolv-conf.ts'
export {
  askSecondOpinion,
  type FirstOpinion,
  type NoSecondOpinion,
  type SecondOpinion,
} from './second-opinion.ts'
export { askTcp } from './tcp.ts'
export { askUdp } from './udp.ts'
export { anchorWallClock, type WallClock } from './wall-clock.ts'
