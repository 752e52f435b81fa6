import type { Command } from 'commander'
import { print } from './print.ts'

const examples = `
Examples:
  oddnode replay incident.jsonl.gz
  oddnode replay incident.jsonl --json | jq '.findings[].story'

Exit code 0: nothing was found, 2: a fault was, 1: the file cannot be replayed.`

/** Adds `oddnode replay`. */
export const addReplay = (program: Command): Command =>
  program
    .command('replay')
    .description('Replays a recorded incident: what was told, and when.')
    .argument('<file>', 'written by an aggregator with --recording.file; plain or gzip')
    .option('--json', 'findings as JSON')
    .addHelpText('after', examples)
    .action(async (file: string, options: { json?: boolean }) => {
      const { replay } = await import('./replay.ts')
      print(replay(file, options), options)
    })
