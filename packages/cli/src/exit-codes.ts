/** Exit codes of every command. */
export const EXIT_WELL = 0
/** It could not ask. */
export const EXIT_COULD_NOT_ASK = 1
/** It asked, and a fault was found. */
export const EXIT_FAULT = 2
