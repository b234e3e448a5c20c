import { execFile } from 'node:child_process'
import { cpSync, linkSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { type TempDir, tempDir } from '../../packages/testing/src/index.ts'
import { ROOT, read } from './compose.ts'

/** What building an image leaves, without a daemon: the steps of the Dockerfile, really run, each stage in a folder of its own. */
export interface Image extends AsyncDisposable {
  /** Where its file system lies. */
  readonly root: string
  readonly environment: Record<string, string>
  readonly user: string
  readonly workingDir: string
  readonly command: string[]
  readonly healthCheck: string[]
  readonly stopSignal: string
}

interface Stage {
  root: string
  workingDir: string
  environment: Record<string, string>
  facts: Record<string, string>
}

/** Builds infra/Dockerfile as `docker build --build-arg ...` would. */
export async function buildImage(args: Record<string, string>): Promise<Image> {
  const dir = await tempDir()
  const stages = new Map<string, Stage>()
  const known: Record<string, string> = { ...args }
  let stage: Stage = newStage(dir, 'none')
  for (const { name, text } of instructions()) {
    const value = expand(text, { ...known, ...stage.environment })
    if (name === 'ARG') known[nameOf(value)] ??= value.split('=')[1] ?? ''
    else if (name === 'FROM') {
      const alias = / AS (\S+)$/.exec(value)?.[1] ?? 'image'
      stage = newStage(dir, alias)
      stages.set(alias, stage)
    } else await STEPS[name]?.(stage, value, { stages, known })
  }
  const { root, environment, workingDir, facts } = stage
  return {
    root,
    environment,
    workingDir: join(root, workingDir),
    user: facts.USER ?? 'root',
    command: JSON.parse(facts.CMD ?? '[]'),
    healthCheck: JSON.parse(/CMD (\[.*\])$/s.exec(facts.HEALTHCHECK ?? '')?.[1] ?? '[]'),
    stopSignal: facts.STOPSIGNAL ?? 'SIGTERM',
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  }
}

const newStage = (dir: TempDir, name: string): Stage => {
  const root = join(dir.path, name)
  mkdirSync(root, { recursive: true })
  return { root, workingDir: '/', environment: {}, facts: {} }
}

interface Builds {
  stages: Map<string, Stage>
  known: Record<string, string>
}

type Step = (stage: Stage, value: string, builds: Builds) => Promise<void> | void

const keep =
  (name: string): Step =>
  (stage, value) => {
    stage.facts[name] = value
  }

const STEPS: Record<string, Step> = {
  COPY(stage, value, { stages }) {
    const [, from, places = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(value) ?? []
    const [sources, target] = [places.split(' ').slice(0, -1), places.split(' ').at(-1) ?? '']
    const source = from === undefined ? undefined : stages.get(from)
    for (const path of sources) copy(stage, { source, path, target })
  },
  async RUN({ root, workingDir, environment }, value, { known }) {
    const env = { ...process.env, ...known, ...environment, npm_config_prefer_offline: 'true' }
    await promisify(execFile)('sh', ['-ec', value], { cwd: join(root, workingDir), env })
  },
  WORKDIR(stage, value) {
    stage.workingDir = value
    mkdirSync(join(stage.root, value), { recursive: true })
  },
  ENV(stage, value) {
    for (const pair of value.split(' ')) stage.environment[nameOf(pair)] = pair.slice(nameOf(pair).length + 1)
  },
  ...Object.fromEntries(['USER', 'CMD', 'HEALTHCHECK', 'STOPSIGNAL'].map((name) => [name, keep(name)])),
}

/** As docker does it: of a folder what is in it, of the build's context only what .dockerignore lets through. */
function copy(stage: Stage, { source, path, target }: { source: Stage | undefined; path: string; target: string }) {
  const from = join(source?.root ?? ROOT, path)
  const isFile = statSync(from).isFile()
  const place = join(stage.root, target.startsWith('/') ? '' : stage.workingDir, target)
  const to = isFile && target.endsWith('/') ? join(place, path) : place
  if (source !== undefined) return link(from, to)
  const ignored = contextFilter()
  cpSync(from, to, { recursive: true, filter: (file) => !ignored(relative(ROOT, file)) })
}

/** A copy in no time: nobody writes to what another stage has made. */
function link(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) link(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else linkSync(source, target)
  }
}

/** Whether .dockerignore keeps a path out: of its lines the last that fits decides. */
export function contextFilter(): (path: string) => boolean {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const rules = lines.map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }))
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps === false
}

/** Of a path and all that lies under it; unlike a shell's, these stars also stand for a leading dot. */
function patternOf(line: string): RegExp {
  const parts = line.split('**/').map((part) => part.replaceAll('.', '\\.').replaceAll('*', '[^/]*'))
  return new RegExp(`^${parts.join('(.*/)?')}(/|$)`)
}

/** The Dockerfile's instructions with continued lines joined and comments left out. */
function instructions() {
  const text = read('infra/Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
  return [...text.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, name = '', rest = '']) => ({ name, text: rest }))
}

const nameOf = (pair: string) => pair.split('=')[0] ?? ''

/** Docker's `${NAME}` of build arguments and environment; what is neither is the shell's. */
const expand = (text: string, values: Record<string, string>) =>
  text.replaceAll(/\$\{([A-Z]+)\}/g, (whole, name: string) => values[name] ?? whole)
