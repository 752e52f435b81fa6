/** Where a finding's page is, below the address of the aggregator. */
export const findingPath = (id: string): string => `/report/findings/${encodeURIComponent(id)}`

/**
 * The address of a finding's page for whoever reads of it elsewhere. Not made from the request: its Host is what the asker says, a port
 * forward's leads nobody else there, and a proxy keeps scheme and prefix to itself.
 * @param externalUrl the setting of that name: `https://oddnode.example.com/dns`
 * @returns null where nobody set it
 */
export const permalinkOf = (externalUrl: string, id: string): string | null =>
  externalUrl === '' ? null : `${externalUrl.replace(/\/+$/, '')}${findingPath(id)}`
