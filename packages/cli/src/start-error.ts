/** What `oddnode start` was told and no agent takes. The message has a line for each thing: option, value and what is allowed. */
export class WrongOption extends Error {
  /** @param errors as `loadAgentConfig` gives them: they name the agent's settings */
  constructor(errors: readonly string[]) {
    super(errors.map(namedByOption).join('\n'))
  }
}

/** The agent's settings, and the options of `oddnode start` that set them. */
const options = { 'targets.ntp': '--ntp', 'names.external': '--external', 'paths.etc': '--etc' }

const namedByOption = (error: string): string =>
  Object.entries(options).reduce(
    (text, [setting, option]) => text.replace(` (flag --${setting})`, '').replace(setting, option),
    error,
  )
