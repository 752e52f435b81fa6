/** Where a page is, and of which moment: what its links are made of. */
export type Place = {
  /** The way from the page to where `/report` is: '' for `/report` itself, '../' for `/report/diff`, '../../' for what is below. */
  base: string
  /** The value of `?at=`; null on a page of the present. */
  past: string | null
}

/** Addresses of the other pages, of the same moment. Relative, so that they work behind any prefix. */
export type Links = {
  report: (query?: Readonly<Record<string, string>>) => string
  node: (name: string) => string
  /** The permalink: the same in every moment. */
  finding: (id: string) => string
  /** The report as it stood at an instant (RFC 3339). */
  moment: (instant: string) => string
  diff: (a: string, b: string) => string
  /** The report of the same moment in another form. */
  form: (suffix: 'json' | 'txt') => string
  /** Of what lies beside `/report` and is always of the present: `metrics`. */
  file: (path: string) => string
}

export function linksFrom({ base, past }: Place): Links {
  const moment: Readonly<Record<string, string>> = past === null ? {} : { at: past }
  const address = (path: string, query: Readonly<Record<string, string>>) => {
    const parameters = String(new URLSearchParams({ ...moment, ...query }))
    return `${base}${path}${parameters === '' ? '' : `?${parameters}`}`
  }
  return {
    report: (query = {}) => address('report', query),
    node: (name) => address(`report/nodes/${encodeURIComponent(name)}`, {}),
    finding: (id) => `${base}report/findings/${encodeURIComponent(id)}`,
    moment: (at) => `${base}report?${String(new URLSearchParams({ at }))}`,
    diff: (a, b) => address('report/diff', { a, b }),
    form: (suffix) => address(`report.${suffix}`, {}),
    file: (path) => `${base}${path}`,
  }
}
