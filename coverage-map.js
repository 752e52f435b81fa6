// A source file is covered by its own test only; a test of several packages covers none.
export default (test) =>
  test.startsWith('packages/') ? test.replace('/test/', '/src/').replace('.test.ts', '.ts') : null
