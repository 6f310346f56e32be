import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playbookMeant } from './choose-by-words.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'praxis-choose-'));
  const playbook = (name: string): string =>
    `playbook: ${name}\ntitle: T\nmatches: ['water the *', '${name} *']\nsteps:\n  - { id: a, do: note, with: { text: x } }\n`;
  writeFileSync(join(folder, 'a.yaml'), playbook('roses'));
  writeFileSync(join(folder, 'b.yaml'), playbook('tulips'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const meant = (options: Parameters<typeof playbookMeant>[0], notes: string[] = []) =>
  playbookMeant(options, { folders: [folder], note: (text) => notes.push(text) });

describe('playbookMeant', () => {
  it('finds the one playbook that the words mean, and says how to have it done otherwise', () => {
    const notes: string[] = [];
    expect(meant({ request: 'Roses, please'.replace(',', '') }, notes)?.playbook).toBe('roses');
    expect(notes).toEqual([expect.stringMatching(/playbook roses .*--strategy react/)]);
  });

  it('names all of several, and chooses none', () =>
    expect(() => meant({ request: 'water the garden' })).toThrow(/several playbooks: roses, tulips/));

  it.each([
    [{ request: 'buy milk' }],
    [{ request: 'roses please', strategy: 'react' }],
    [{ request: 'roses please', world: 'household' }],
    [{ request: 'roses please', domain: 'd.pddl', problem: 'p.pddl' }],
    [{ goal: 'roses please' }],
  ])('finds none in %j', (options) => expect(meant(options)).toBeNull());
});
