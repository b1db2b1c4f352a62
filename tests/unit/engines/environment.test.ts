import { describe, expect, test } from 'vitest'
import { childEnvironment, installerEnvironment } from '../../../src/engines/environment.ts'

const parent = {
  PATH: '/usr/bin',
  HOME: '/home/someone',
  LC_ALL: 'C.UTF-8',
  HF_HOME: '/cache',
  LD_PRELOAD: 'libopenblas.so',
  HF_TOKEN: 'hf_secret',
  HUGGING_FACE_HUB_TOKEN: 'hf_secret',
  OPENAI_API_KEY: 'sk-secret',
  AWS_SECRET_ACCESS_KEY: 'secret',
  MLX_GATEWAY_AUTH_TOKEN: 'secret',
  MLX_RANK: '1',
  MLX_HOSTFILE: '/hosts.json',
  MLX_IBV_DEVICES: '/devices.json',
  MLX_JACCL_COORDINATOR: '10.0.0.1:1',
  PYTHONPATH: '/somewhere',
  VIRTUAL_ENV: '/venv',
  HTTPS_PROXY: 'http://proxy:1',
  PIP_INDEX_URL: 'https://user:password@index/simple',
  PIP_TARGET: '/elsewhere',
  PIP_USER: '1',
  UV_INDEX_URL: 'https://index/simple',
  UV_PYTHON: '3.9',
}

describe('the environment of a server', () => {
  test('is what the parent has of an allow-list: no secret, no proxy, no rank of a distributed group', () => {
    expect(childEnvironment(parent, 'linux')).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/someone',
      LC_ALL: 'C.UTF-8',
      HF_HOME: '/cache',
      LD_PRELOAD: 'libopenblas.so',
    })
  })

  test('preloads nothing on macOS', () => {
    expect(childEnvironment(parent, 'darwin')).not.toHaveProperty('LD_PRELOAD')
  })

  test('leaves out what the parent has not', () => {
    expect(childEnvironment({ PATH: '/bin', HOME: undefined }, 'linux')).toEqual({ PATH: '/bin' })
  })
})

describe('the environment of an installer', () => {
  const environment = installerEnvironment(parent, 'linux')

  test('has the index, proxy and certificates that pip and uv are told of', () => {
    expect(environment).toMatchObject({
      PIP_INDEX_URL: 'https://user:password@index/simple',
      UV_INDEX_URL: 'https://index/simple',
      HTTPS_PROXY: 'http://proxy:1',
    })
  })

  test('cannot be told to install elsewhere or with another Python', () => {
    for (const name of ['PIP_TARGET', 'PIP_USER', 'UV_PYTHON', 'PYTHONPATH', 'VIRTUAL_ENV']) {
      expect(environment).not.toHaveProperty(name)
    }
  })

  test('has no secrets of others', () => {
    const names = Object.keys(environment).join(' ')
    expect(names).not.toMatch(/TOKEN|API_KEY|SECRET|MLX_/)
  })

  test('asks no questions and writes its lines at once', () => {
    expect(environment).toMatchObject({ PIP_NO_INPUT: '1', PYTHONUNBUFFERED: '1' })
  })
})
