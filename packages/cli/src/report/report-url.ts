/**
 * The address of an aggregator, from its own or that of any face of its report, also below the path of an ingress.
 * @returns without a slash at its end, with the `?at=` of a moment of the past if there is one; or what is wrong, in one sentence
 */
export function aggregatorUrl(text: string): { url: string } | { error: string } {
  if (!URL.canParse(text)) return { error: noUrl(text) }
  const { protocol, origin, pathname, searchParams } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') return { error: noUrl(text) }
  const strange = [...searchParams.keys()].find((name) => name !== 'at')
  if (strange !== undefined)
    return { error: `"${text}" has the parameter "${strange}": allowed is at alone, a moment of the past` }
  const at = searchParams.get('at')
  const base = `${origin}${pathname.replace(/\/(report(\.(txt|json|html))?)?$/, '')}`
  return { url: at === null ? base : `${base}?${new URLSearchParams({ at })}` }
}

const noUrl = (text: string) => `"${text}" is no URL: allowed is http://HOST:PORT or https://…`

/** The URL of a face of the report. @param aggregator as `aggregatorUrl` gives it */
export function reportUrl(aggregator: string, face: 'txt' | 'json'): string {
  const [base = '', query] = aggregator.split('?')
  return `${base}/report.${face}${query === undefined ? '' : `?${query}`}`
}
