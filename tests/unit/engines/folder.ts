/** A folder of a test's own, and little programs in it. */
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Removed when the test is over. */
export async function ownFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'gateway-engines-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** An executable shell script. */
export async function script(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  return path
}

export interface FakePython {
  /** `3 12` */
  readonly version?: string
  /** What `pip install` does, in shell. */
  readonly pip?: string
  /** What the import test prints. */
  readonly imported?: string
  /** What the converter of the starter model does with `$2` (weights) and `$3` (folder). */
  readonly convert?: string
}

/** A Python that has venv and pip, as far as an installation asks. The environment it makes runs the same script. */
export function fakePython(path: string, fake: FakePython = {}): Promise<string> {
  const { version = '3 12', pip = 'echo Successfully installed mlx-lm-0.32.2', imported = 'imported 0.32.2' } = fake
  return script(
    path,
    `case "$*" in
  *sys.version_info*) echo "python ${version} arm64 $0" ;;
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/mlx_lm.server" ;;
  "-m pip --version") echo "pip 26.0" ;;
  "-m pip install"*) ${pip} ;;
  *make_starter_model.py*) ${fake.convert ?? 'exit 1'} ;;
  *"import mlx_lm.server"*) echo "${imported}" ;;
  *m.version*) echo "version 0.32.2" ;;
  --help) echo "usage: [--model MODEL] [--port PORT] [--max-tokens N]" ;;
  *) echo "not known: $*"; exit 9 ;;
esac`,
  )
}
