import type { ClusterCheck, State } from '@oddnode/protocol'
import { html } from 'ghtml'
import { glyphs } from '../format.ts'

/** What each check asks, in the words of those who ask it by hand (https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/). */
const questions: Readonly<Record<string, string>> = {
  'dns-pods-running': 'Are the DNS pods running?',
  'dns-logs': 'Do the DNS pods log errors?',
  'dns-service-exists': 'Is the DNS Service there?',
  'endpointslices-ready': 'Does it have ready endpoints?',
  'corefile-readable': 'What does the Corefile say?',
  'coredns-rbac': 'Has CoreDNS the rights it needs?',
  'node-local-dns': 'Is there node-local DNS?',
  'upstream-resolvers': 'Who resolves other names?',
  'search-domains-repeated': 'Is a search domain repeated?',
  'nameserver-limit': 'More than three nameservers?',
  'resolv-conf-readable': 'Can resolv.conf be read?',
  'resolv-conf-syntax': 'A line in resolv.conf that nobody reads?',
  ndots: 'What does ndots cost?',
  'systemd-resolved-loop': 'A loop through systemd-resolved?',
  'namespace-search': 'Do pods search their namespace first?',
  'hosts-file': 'Which names does /etc/hosts answer?',
  'connection-table': 'Is the connection table full?',
  'default-route': 'Is there a default route?',
  'time-daemon': 'Who keeps the clock right?',
  sampling: 'Who asks which CoreDNS pod?',
}

/** The checks that people make by hand, each with its answer. */
export function checksHtml(checks: readonly ClusterCheck[]): string {
  return html`<ul class="checks card">!${checks.map(checkHtml)}</ul>`
}

function checkHtml({ id, passed, detail }: ClusterCheck): string {
  const state: State = passed === null ? 'no-data' : passed ? 'ok' : 'failing'
  const word = passed === null ? 'not looked at' : passed ? 'yes, well' : 'not well'
  return html`<li data-key="${id}" class="${state}"><span class="glyph" aria-hidden="true">${glyphs[state]}</span><strong>${questions[id] ?? id}<span class="hidden-text"> ${word}:</span></strong><span>${detail}</span></li>`
}
