import { readFileSync } from 'node:fs'
import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { Command } from 'commander'
import { EXIT_COULD_NOT_ASK } from './exit-codes.ts'

/** The version of this package, semver. */
export const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

/** A program, or the root of one, whose errors exit as every command's: a wrong flag is a wrong configuration, --help and --version are none. */
export const createProgram = (name: string): Command =>
  new Command(name)
    .version(version)
    .showHelpAfterError('(see --help)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_CONFIGURATION))

/** Runs it. Whoever reads the output may stop reading (`| head`): that is no error. */
export async function runProgram(program: Command): Promise<void> {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit()
    process.stderr.write(`oddnode: cannot write the output: ${code}\n`)
    process.exit(EXIT_COULD_NOT_ASK)
  })
  await program.parseAsync()
}
