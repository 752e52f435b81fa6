import { labelText } from '@oddnode/protocol'

/** A metric that is written here, series by series: prom-client makes the text of a whole registry in one piece. */
export type Family = {
  name: string
  help: string
  labels: readonly string[]
}

/** What stands before the series of a gauge. */
export const headOf = ({ name, help }: Family): string => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`

/** One series. @param values of the labels, in their order */
export function seriesOf({ name, labels }: Family, values: readonly string[], value: number): string {
  let pairs = ''
  for (let i = 0; i < labels.length; i++) pairs += `${i > 0 ? ',' : ''}${labels[i]}="${labelText(values[i] ?? '')}"`
  return `${name}{${pairs}} ${value}\n`
}
