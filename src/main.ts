#!/usr/bin/env -S node --expose-gc --max-semi-space-size=4
/** The process: argv in, exit code out. */
import module from 'node:module'
import { homedir } from 'node:os'

const needed = 24
if (Number.parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(`error: mlx-gateway needs Node ${needed} or newer; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}
// before the rest is loaded: a command then starts in half the time
module.enableCompileCache()
const { runCli } = await import('./cli/cli.ts')

// who reads may leave before the end (`| head`); a full disk is another matter
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`error: cannot write to standard output: ${error.message}\n`)
  process.exitCode = 1
})
process.exitCode =
  (await runCli(process.argv.slice(2), {
    environment: process.env,
    homeDirectory: homedir(),
    platform: process.platform,
    in: process.stdin,
    out: process.stdout,
    err: process.stderr,
  })) || process.exitCode
