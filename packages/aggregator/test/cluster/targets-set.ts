import type { AggregatorConfig } from '../../src/config-schema.ts'

/** Nothing is set by hand: all is discovered. */
export const noneSet: AggregatorConfig['targets'] = {
  nodeLocal: [],
  clusterDns: [],
  clusterDnsUpstream: [],
  upstream: [],
  ntp: [],
}
