/**
 * The value of a label as it stands between the quotes of a series, whatever it is.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information
 */
export const labelText = (value: string): string =>
  value.toWellFormed().replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
