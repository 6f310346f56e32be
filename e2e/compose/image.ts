import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A stage of a Dockerfile: its name, and its instructions in order. */
interface Stage {
  readonly name: string;
  readonly steps: readonly (readonly [instruction: string, rest: string])[];
}

/** An image as a folder: everything that its stages put into WORKDIR, and how it is started. */
export interface BuiltImage {
  /** The folder that lies at `workdir`. */
  readonly tree: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
}

/** What a RUN line keeps from one build to the next: this machine's own caches stand in for it. */
const CACHE = /^--mount=type=cache,\S+\s+/;

/**
 * Carries out a Dockerfile's COPY and RUN lines as a script in an empty folder, with the base image's Node replaced by
 * this machine's. Only lines that work below WORKDIR are understood: others concern folders of the image that the
 * containers bring themselves.
 */
export function buildImage(root: string, to: string): BuiltImage {
  const stages = readStages(readFileSync(join(root, 'docker/Dockerfile'), 'utf8'));
  const trees = new Map<string, string>();
  for (const stage of stages) {
    const tree = join(to, stage.name);
    mkdirSync(tree, { recursive: true });
    trees.set(stage.name, tree);
    for (const [instruction, rest] of stage.steps) {
      if (instruction === 'COPY') copy(root, rest, tree, trees);
      else if (instruction === 'RUN' && !rest.includes('/run/praxis'))
        execFileSync('sh', ['-ec', rest.replace(CACHE, '')], {
          cwd: tree,
          stdio: 'pipe',
          env: { ...process.env, NODE_ENV: '' },
        });
    }
  }
  const last = stages.at(-1)!;
  for (const stage of stages) if (stage !== last) rmSync(trees.get(stage.name)!, { recursive: true });
  const one = (instruction: string): string => last.steps.findLast(([i]) => i === instruction)?.[1] ?? '';
  const env = Object.fromEntries(
    last.steps
      .filter(([i]) => i === 'ENV')
      .flatMap(([, rest]) => rest.split(/\s+/).map((pair) => pair.split('=') as [string, string])),
  );
  return {
    tree: trees.get(last.name)!,
    workdir: one('WORKDIR'),
    entrypoint: JSON.parse(one('ENTRYPOINT')) as string[],
    env,
    user: one('USER'),
  };
}

function readStages(text: string): readonly Stage[] {
  const stages: { name: string; steps: [string, string][] }[] = [];
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const [, instruction, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') stages.push({ name: / AS (\S+)/.exec(rest!)?.[1] ?? 'final', steps: [] });
    else if (instruction !== undefined) stages.at(-1)!.steps.push([instruction, rest!]);
  }
  return stages;
}

function copy(root: string, rest: string, tree: string, trees: ReadonlyMap<string, string>): void {
  const [, from] = /--from=(\S+)/.exec(rest) ?? [];
  const [source, target] = rest.replace(/--\S+\s+/g, '').split(/\s+/) as [string, string];
  if (from === undefined) return copyContext(root, tree);
  const path = source.replace(/^\/praxis\//, '');
  cpSync(join(trees.get(from)!, path), join(tree, target.endsWith('/') ? join(target, path) : target), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** The build context: what .dockerignore, which is a list of exceptions, lets through. */
function copyContext(root: string, tree: string): void {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((l) => l !== '' && !l.startsWith('#'));
  const wanted = lines.filter((l) => l.startsWith('!')).map((l) => l.slice(1));
  const never = lines
    .filter((l) => l.startsWith('**/'))
    .map(
      (l) =>
        new RegExp(
          `(^|/)${l
            .slice(3)
            .replaceAll('.', String.raw`\.`)
            .replaceAll('*', '[^/]*')}$`,
        ),
    );
  for (const path of wanted) {
    if (!existsSync(join(root, path))) throw new Error(`.dockerignore lets ${path} through, which does not exist`);
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    cpSync(join(root, path), join(tree, path), {
      recursive: true,
      filter: (from) => !never.some((pattern) => pattern.test(from.slice(root.length + 1))),
    });
  }
}

/** How many files an image has, and how many bytes. */
export function sizeOf(tree: string): { readonly files: number; readonly bytes: number } {
  const bytes = Number(execFileSync('du', ['-sb', tree], { encoding: 'utf8' }).split('\t')[0]);
  return { files: readdirSync(tree, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).length, bytes };
}
