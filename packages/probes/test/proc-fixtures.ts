// /proc/net as kernels write it: a node of Linux 4.18 with node-local DNS on a dummy device, and one of 6.8 without.

export const fibTrie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.244.1.0/24 2 0 2
        |-- 10.244.1.0
           /24 link UNICAST
        |-- 10.244.1.1
           /32 host LOCAL
        |-- 10.244.1.255
           /32 link BROADCAST
Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     |-- 169.254.20.10
        /32 host LOCAL
`

export const ifInet6 = `00000000000000000000000000000001 01 80 10 80       lo
fd000000000000000000000000000002 04 40 00 82     eth0
`

/** Little endian, as on x86 and arm64. */
export const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth1\t00000000\t010300C0\t0003\t0\t0\t50\t00000000\t0\t0\t0
flannel.1\t0000F40A\t0000F40A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
cni0\t0001F40A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
*\t0009F40A\t00000000\t0201\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth2\t00000A0A\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0
`

export const ipv6Route = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
fd000000000000000000000000000002 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000003 00000000 80200001     eth0
fd990000000000000000000000000000 10 00000000000000000000000000000000 00 00000000000000000000000000000000 00000400 00000001 00000000 00200200       lo
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`

/** Linux 4.18: no MemErrors in UDP; conntrack counts searches. */
export const linux418 = {
  snmp: `Ip: Forwarding DefaultTTL InReceives
Ip: 1 64 912837
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti
Udp: 512342 31 7 512390 7 0 0 12
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti
UdpLite: 1 2 3 4 5 6 7 8
`,
  snmp6: `Ip6InReceives                   \t4812
Udp6InDatagrams                 \t44
Udp6NoPorts                     \t0
Udp6InErrors                    \t3
UdpLite6InErrors                \t9
`,
  conntrack: `entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000190  00000000 0000000a 00000000 0000001f 00000002 00000000 00000000 00000000 00000003 00000003 00000000 00000000  00000000 00000000 00000000 0000000b
00000190  00000000 00000005 00000000 00000001 00000000 00000000 00000000 00000000 ffffffff 00000000 00000000 00000000  00000000 00000000 00000000 00000001
`,
}

/** Linux 6.8: MemErrors in UDP; clashres and chainlength in conntrack. */
export const linux68 = {
  snmp: `Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 105 1 2 106 3 4 5 6 7
`,
  conntrack: `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000007  00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000004 00000000 00000000 00000000  00000000 00000000 00000000 00000000
`,
}
