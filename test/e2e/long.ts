/** `npm run e2e -- --all`: the long tests, too. */
export const isLong = process.env['ODDNODE_E2E'] === 'all'

/** What a line of TAP says of a test that the short run leaves out. */
export const LEFT = 'left to npm run e2e -- --all'
