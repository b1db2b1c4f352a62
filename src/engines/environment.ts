/** What programs that we start may see of our own environment: lists of what passes, so that no secret does by oversight. */

const FOR_EVERY_CHILD =
  'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR XDG_CACHE_HOME ' +
  // where local models lie
  'HF_HOME HF_HUB_CACHE HUGGINGFACE_HUB_CACHE ' +
  // Metal command buffers: smaller ones work around GPU timeouts
  'MLX_MAX_OPS_PER_BUFFER MLX_MAX_MB_PER_BUFFER ' +
  'OMP_NUM_THREADS OPENBLAS_NUM_THREADS CUDA_VISIBLE_DEVICES'

/** A faster BLAS or a driver may be preloaded; macOS strips its own kind by itself. */
const ON_LINUX = 'LD_LIBRARY_PATH LD_PRELOAD'

const FOR_INSTALLERS =
  'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy ' +
  'SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NETRC ' +
  'XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_DATA_HOME'

/** Settings of pip and uv pass (their index, certificates, caches), save those that say where to install or what. */
const INSTALLER_SETTING = /^(PIP|UV)_/
const INSTALLER_TARGET =
  /^(PIP_(TARGET|PREFIX|ROOT|USER|PYTHON|CONSTRAINT|REQUIREMENT|REQUIRE_\w+|NO_DEPS|NO_BINARY|ONLY_BINARY|DRY_RUN|QUIET|VERBOSE|LOG)|UV_(PYTHON|SYSTEM_PYTHON|TARGET|PREFIX|CONSTRAINT|OVERRIDE|EXCLUDE|REQUIRE_HASHES|NO_DEPS|NO_BINARY\w*|PROJECT\w*|WORKING_DIR\w*|BREAK_SYSTEM_PACKAGES))$/

/** The base environment of every model server. Never passes `HF_TOKEN`, `MLX_GATEWAY_…`, API keys, nor the `MLX_RANK`,
 *  `MLX_HOSTFILE`, `MLX_IBV_DEVICES`, `MLX_JACCL_COORDINATOR` that would make a server one rank of a distributed group. */
export function childEnvironment(parent: NodeJS.ProcessEnv, platform: NodeJS.Platform): Record<string, string> {
  const names = new Set(`${FOR_EVERY_CHILD} ${platform === 'darwin' ? '' : ON_LINUX}`.split(' '))
  return pick(parent, (name) => names.has(name) || name.startsWith('LC_'))
}

/** The environment of pip, uv and the Python that they install: further proxies, certificates and indexes. */
export function installerEnvironment(parent: NodeJS.ProcessEnv, platform: NodeJS.Platform): Record<string, string> {
  const names = new Set(FOR_INSTALLERS.split(' '))
  return {
    ...childEnvironment(parent, platform),
    ...pick(parent, (name) => names.has(name) || (INSTALLER_SETTING.test(name) && !INSTALLER_TARGET.test(name))),
    PYTHONUNBUFFERED: '1',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_NO_PROGRESS: '1',
  }
}

function pick(parent: NodeJS.ProcessEnv, passes: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const [name, value] of Object.entries(parent)) if (value !== undefined && passes(name)) picked[name] = value
  return picked
}
