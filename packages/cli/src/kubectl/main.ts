#!/usr/bin/env node
import { Option } from 'commander'
import { createProgram, runProgram } from '../program.ts'
import { withReportOptions } from '../report/report-command.ts'
import { show } from './show.ts'

const examples = `
Examples:
  kubectl oddnode
  kubectl oddnode -n oddnode --watch
  kubectl oddnode --web

It needs the rights to find the aggregator and to forward a port to it: list services (in all namespaces, or in the one that -n names),
get services, list pods and create pods/portforward in the aggregator's namespace.
Exit code 0: what was looked at is well, 2: something fails or is degraded, 1: could not ask, or nothing is known, 78: wrong
configuration. Ctrl-C ends --watch with the code of what it showed last.`

const program = createProgram('kubectl-oddnode')
  .usage('[options]')
  .description('Finds the aggregator of this cluster, forwards a port to it, and shows its report.')
  .option('-n, --namespace <name>', 'where the aggregator is; by default it is looked for in all namespaces')
  .option('--context <name>', 'the context of the kubeconfig, as of kubectl')
  .option('--kubeconfig <file>', 'the kubeconfig, as of kubectl')
withReportOptions(program)
  .addOption(
    new Option('--web', 'prints the address of the page and forwards until Ctrl-C').conflicts(['watch', 'json']),
  )
  .addHelpText('after', examples)
  .action(show)
await runProgram(program)
