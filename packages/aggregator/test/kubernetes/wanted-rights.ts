import type { Right } from '../../src/kubernetes/rights.ts'

export const eventRight: Right = {
  verb: 'create',
  group: '',
  resource: 'events',
  namespace: 'default',
  setting: 'events.enabled',
  hides: 'findings in the events of nodes',
}

export const reviewRight: Right = {
  verb: 'create',
  group: 'authentication.k8s.io',
  resource: 'tokenreviews',
  setting: 'auth.mode',
  hides: 'agents',
}
