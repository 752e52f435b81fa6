/**
 * Text from outside as one word of a shell command that people copy: a search domain, which DHCP may have set, must not run there.
 * @see POSIX.1-2024, Shell Command Language 2.2.2
 */
export const shellWord = (text: string): string =>
  /^[\w.:@%+=,/-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
