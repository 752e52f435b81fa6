#!/usr/bin/env node
import { addCheck } from './check/check-command.ts'
import { createProgram, runProgram, version } from './program.ts'
import { addReplay } from './replay-command.ts'
import { addReport } from './report/report-command.ts'
import { addStart } from './start-command.ts'

const program = createProgram('oddnode').description('Finds the node whose DNS or clock differs from the others.')
addCheck(program, version)
addReport(program)
addReplay(program)
addStart(program, version)
await runProgram(program)
