/** Exit codes of every command; a wrong configuration is `EXIT_CONFIGURATION` of the protocol. */
export const EXIT_WELL = 0
/** It could not ask. */
export const EXIT_COULD_NOT_ASK = 1
/** It asked, and a fault was found. */
export const EXIT_FAULT = 2
/** It was interrupted before it knew: 128 and SIGINT's number, as shells have it. */
export const EXIT_INTERRUPTED = 130
