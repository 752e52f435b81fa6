import type { Facts } from '@oddnode/protocol'
import { html } from 'ghtml'

/** What an agent read of its node, a line for each thing it could read. */
export function factsHtml(facts: Facts): string {
  const rows = factRows(facts)
  return html`<dl class="circumstances">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function factRows({ system, resolvConf, routes, conntrack, timeKeeping, hosts }: Facts): [string, string][] {
  const mtus = [
    ...new Set((routes ?? []).flatMap(({ device, mtu }) => (mtu === null ? [] : [`${device ?? '?'} ${mtu}`]))),
  ]
  const options = resolvConf?.options ?? []
  const rows: [string, string | number | null | undefined][] = [
    ['Kernel', system?.kernel],
    ['Nameservers', resolvConf?.nameservers.join(', ')],
    ['Search', resolvConf?.search.join(' ')],
    ['Options', options.join(' ')],
    ['Above limits', resolvConf?.limits.join('; ')],
    ['MTU of the way to targets', mtus.join(', ')],
    ['Connection table', conntrack && `${conntrack.entries ?? '?'} of ${conntrack.max ?? '?'} entries`],
    ['Time daemon', timeKeeping?.daemon],
    ['Names in /etc/hosts', hosts?.map(({ name, address }) => `${name} ${address}`).join(', ')],
  ]
  return rows.flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  )
}
