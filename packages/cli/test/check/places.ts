// Places where a check may stand.
import type { ResolvConfFact } from '@oddnode/protocol'
import type { Surroundings } from '../../src/check/surroundings.ts'

export const resolvConf = (seen: Partial<ResolvConfFact> = {}): ResolvConfFact => {
  const nameservers = seen.nameservers ?? ['10.96.0.10']
  return {
    path: '/etc/resolv.conf',
    search: [],
    options: [],
    usedNameservers: nameservers.slice(0, 3),
    limits: [],
    modifiedAt: null,
    unread: [],
    error: null,
    ...seen,
    nameservers,
  }
}

export const clusterSearch = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

/** A host outside of any cluster, but for what is said. */
export const place = (seen: Partial<Surroundings> = {}): Surroundings => ({
  hostname: 'here',
  vantage: 'host',
  resolvConf: resolvConf(),
  nodeLocalAddresses: [],
  kubelet: null,
  handedOn: null,
  environment: {},
  ...seen,
})

export const podPlace = (seen: Partial<Surroundings> = {}): Surroundings =>
  place({
    vantage: 'pod',
    resolvConf: resolvConf({ search: clusterSearch, options: ['ndots:5'] }),
    environment: { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' },
    ...seen,
  })
