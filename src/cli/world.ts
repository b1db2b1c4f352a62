/** Everything of the process that a command may touch. */

export interface World {
  readonly environment: NodeJS.ProcessEnv
  readonly homeDirectory: string
  readonly platform: NodeJS.Platform
  readonly in: NodeJS.ReadStream
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}
