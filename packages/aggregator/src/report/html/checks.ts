import type { ClusterCheck, State } from '@oddnode/protocol'
import { html } from 'ghtml'
import { glyphs } from '../format.ts'

/**
 * What each check says where it is well, so that a glyph beside it cannot be taken for an answer: the subjects of those who make it by hand
 * (https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/).
 */
const statements: Readonly<Record<string, string>> = {
  'dns-pods-running': 'The DNS pods run',
  'dns-logs': 'The DNS pods log no errors',
  'dns-service-exists': 'The DNS Service is there',
  'endpointslices-ready': 'It has ready endpoints',
  'corefile-readable': 'The Corefile is read',
  'coredns-rbac': 'CoreDNS has the rights it needs',
  'node-local-dns': 'Node-local DNS is known',
  'upstream-resolvers': 'Who resolves other names is known',
  'search-domains-repeated': 'Nothing is named twice in resolv.conf',
  'nameserver-limit': 'resolv.conf keeps to the limits',
  'resolv-conf-readable': 'resolv.conf can be read',
  'resolv-conf-syntax': 'Each line of resolv.conf is read',
  ndots: 'What ndots costs is known',
  'systemd-resolved-loop': 'No loop through systemd-resolved',
  'namespace-search': 'Service names are searched',
  'hosts-file': 'What /etc/hosts answers is known',
  'connection-table': 'The connection table has room',
  'default-route': 'There is a default route',
  'time-daemon': 'A daemon keeps the clock right',
  sampling: 'CoreDNS pods are asked within budget',
}

/** The checks that people make by hand, each with its answer. */
export function checksHtml(checks: readonly ClusterCheck[]): string {
  return html`<ul class="checks card">!${checks.map(checkHtml)}</ul>`
}

function checkHtml({ id, passed, detail }: ClusterCheck): string {
  const state: State = passed === null ? 'no-data' : passed ? 'ok' : 'failing'
  const word = passed === null ? 'not looked at' : passed ? 'well' : 'not so'
  return html`<li data-key="${id}" class="${state}"><span class="glyph" aria-hidden="true">${glyphs[state]}</span><strong>${statements[id] ?? id}<span class="hidden-text"> ${word}:</span></strong><span>${detail}</span></li>`
}
