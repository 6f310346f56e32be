import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const dist = new URL('../../dist/', import.meta.url).href;
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'praxis-module-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const GREET = `
const manifest = { name: 'greet', summary: 'greets', parameters: [{ name: 'who', type: 'string' }],
  effect: 'pure', keyed: true, source: 'module' };
export const greet = { manifest, async run({ action }) {
  return { result: { ok: true, message: 'done', output: { value: 'Hello, ' + action.args.who, artifacts: [], taint: [] } }, state: null };
} };
export const notOne = 7;
`;

/** What a catalog with this module offers, and says, in a process of its own: Jest loads modules in its own way. */
async function loaded(file: string, text: string): Promise<{ names: string[]; source: object; value: unknown }> {
  const path = join(folder, file);
  await writeFile(path, text);
  const script = `
    import { SkillCatalog, moduleSource, SkillRegistry } from '${dist}index.js';
    const log = { error() {}, warn() {}, info() {}, debug() {}, child: () => log };
    const catalog = new SkillCatalog({ declared: [], sources: [moduleSource(${JSON.stringify(path)})], clock: { now: () => 0 }, log });
    const skills = (await catalog.declared()).map((d) => d.skill);
    const registry = SkillRegistry.of(skills);
    const { result } = await registry.run({ skill: 'greet', args: { who: 'Ada' } }, 'k', new AbortController().signal);
    console.log(JSON.stringify({ names: skills.map((s) => s.manifest.name + ' of ' + s.manifest.source),
      source: (await catalog.describe([])).sources[0], value: result.output?.value ?? null }));
    process.exit(0);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as { names: string[]; source: object; value: unknown };
}

describe('a module of skills', () => {
  it('gives the skills that it exports, under its own name', async () =>
    expect(await loaded('praxis.skills.mjs', GREET)).toEqual({
      names: ['greet of module:praxis.skills.mjs'],
      source: { name: 'module:praxis.skills.mjs', isUp: true, note: '1 skills' },
      value: 'Hello, Ada',
    }));

  it.each([
    ['throws', 'throws.mjs', "throw new Error('no licence');", 'could not be loaded: no licence'],
    ['is not there', '../gone/none.mjs', '', 'could not be loaded'],
    ['exports no skill', 'empty.mjs', 'export const x = 1;', 'exports no skill'],
    ['has an error of syntax', 'slip.mjs', 'export const = 1;', 'could not be loaded'],
  ])('that %s is a source that is down with its reason, and stops nothing', async (_, file, text, note) => {
    if (text === '') await rm(join(folder, file), { force: true });
    const { names, source } = await loaded(text === '' ? 'none.mjs' : file, text || "import './gone.js';");
    expect(names).toEqual([]);
    expect(source).toMatchObject({ isUp: false, note: expect.stringContaining(note) });
  });

  it('in TypeScript runs where Node does, and otherwise says what to do', async () => {
    const { names, source } = await loaded('praxis.skills.ts', `${GREET}\nexport const typed: number = 1;`);
    const strips = (process.features as { typescript?: string | false }).typescript;
    if (strips) expect(names).toEqual(['greet of module:praxis.skills.ts']);
    else expect(source).toMatchObject({ note: expect.stringContaining('Use Node 22.18 or later') });
  });
});
