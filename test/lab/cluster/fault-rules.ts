/** Where a packet is caught: the chains that the catalogue's tests are written for. */
const hooks = {
  fragments: 'prerouting priority -450',
  early: 'prerouting priority -350',
  out: 'output priority -350',
  'raw-in': 'prerouting priority -300',
  'raw-out': 'output priority -300',
  late: 'prerouting priority -150',
  forward: 'forward priority 0',
  new: 'output priority 10',
  in: 'input priority 0',
} as const

export type FaultChain = keyof typeof hooks

/** For nft(8): a rule in a table of its own, which `NO_FAULT_RULES` takes away. */
export const faultRule = (chain: FaultChain, rule: string): string =>
  `add table inet oddnode-fault
add set inet oddnode-fault seen { type inet_service; flags dynamic,timeout; timeout 1s; }
add chain inet oddnode-fault ${chain} { type filter hook ${hooks[chain]}; }
add rule inet oddnode-fault ${chain} ${rule}
`

export const NO_FAULT_RULES = 'add table inet oddnode-fault\ndelete table inet oddnode-fault\n'
