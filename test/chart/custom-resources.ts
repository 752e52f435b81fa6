// The custom resources that the chart can write, as the projects define them that own them.
import { join } from 'node:path'
import { type GoModule, moduleFolder } from './go-module.ts'
import { run } from './helm.ts'

const PROMETHEUS_OPERATOR: GoModule = {
  path: 'github.com/prometheus-operator/prometheus-operator',
  version: 'v0.85.0',
  sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
}
const GATEWAY_API: GoModule = {
  path: 'sigs.k8s.io/gateway-api',
  version: 'v1.4.0',
  sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
}

type Definition = { name: string; module: GoModule; file: string }

const monitoring = (plural: string): Definition => ({
  name: `${plural}.monitoring.coreos.com`,
  module: PROMETHEUS_OPERATOR,
  file: `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
})

const definitions: readonly Definition[] = [
  monitoring('podmonitors'),
  monitoring('servicemonitors'),
  monitoring('prometheusrules'),
  {
    name: 'httproutes.gateway.networking.k8s.io',
    module: GATEWAY_API,
    file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
  },
]

/**
 * Makes the cluster of KUBECONFIG know them; what it knows already stays as it is.
 * @returns how to take away what was not there before
 */
export function defineCustomResources(): () => void {
  const missing = definitions.filter(({ name }) => run('kubectl', ['get', 'crd', name]).status !== 0)
  for (const { name, module, file } of missing) {
    kubectl('create', '-f', join(moduleFolder(module), file))
    kubectl('wait', '--for=condition=Established', `crd/${name}`, '--timeout=30s')
  }
  return () => {
    for (const { name } of missing) kubectl('delete', 'crd', name)
  }
}

function kubectl(...args: string[]): void {
  const { status, stderr } = run('kubectl', args)
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
}
