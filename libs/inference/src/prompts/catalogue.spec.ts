import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SkillManifest } from '@praxis/core';
import * as fc from 'fast-check';
import { TextRank, wordsOf } from './bm25.js';
import { SkillCatalogue, type SkillQuery } from './catalogue.js';

const skill = (name: string, summary: string, ...types: readonly string[]): SkillManifest => ({
  name,
  summary,
  parameters: types.map((type, i) => ({ name: `p${i}`, type })),
  effect: 'reversible',
  keyed: true,
  source: 'builtin',
});
const query = (part: Partial<SkillQuery>): SkillQuery => ({
  text: '',
  used: [],
  goal: '',
  changes: new Map(),
  most: 3,
  ...part,
});
const names = (skills: readonly SkillManifest[]): readonly string[] => skills.map((s) => s.name);

describe('wordsOf', () => {
  it('sees the same words in names of any style and in sentences', () => {
    for (const text of ['getZipCodes', 'get_zip_codes', 'get-zip-code', 'Get the ZIP codes!'])
      expect(wordsOf(text)).toEqual(['get', 'zip', 'cod']);
  });

  it('takes endings off so that a request in other words of the same stem is found', () => {
    expect(wordsOf('moving moved moves move')).toEqual(['mov', 'mov', 'mov', 'mov']);
    expect(wordsOf('cities city')).toEqual(['city', 'city']);
    expect(wordsOf('stopped stopping stop stops')).toEqual(['stop', 'stop', 'stop', 'stop']);
    expect(wordsOf('glass bus this is status')).toEqual(['glass', 'bus', 'status']);
  });
});

describe('TextRank', () => {
  it('gives what the formula says', () => {
    // Two texts, one with the word twice: idf = ln(1 + 1.5 / 1.5), mean length 2.5, length 3.
    const [first, second] = new TextRank([
      ['a', 'a', 'b'],
      ['b', 'c'],
    ]).scores(['a', 'unknown']);
    expect(first).toBeCloseTo((Math.log(2) * 2 * 2.2) / (2 + 1.2 * (0.25 + (0.75 * 3) / 2.5)), 12);
    expect(second).toBe(0);
  });

  it('is not upset by no texts at all', () => {
    expect(new TextRank([]).scores(['a'])).toEqual([]);
  });
});

describe('SkillCatalogue', () => {
  const skills = [
    skill('open-door', 'opens a door', 'door'),
    skill('lock-door', 'locks a door', 'door'),
    skill('fly', 'goes by air', 'city', 'city'),
    skill('cook', 'makes a meal', 'food'),
    skill('toggle', 'presses it', 'switch'),
  ];

  it('keeps what the plan uses, though no word speaks for it and there is room for fewer (catalogue.1)', () => {
    expect(
      names(new SkillCatalogue(skills).find(query({ text: 'cook a meal', used: ['fly', 'toggle'], most: 1 }))),
    ).toEqual(['fly', 'toggle']);
  });

  it('finds what can change the goal where the rules say so, though its words say nothing (catalogue.1)', () => {
    const changes = new Map([
      ['toggle', ['light-on']],
      ['cook', ['meal-ready']],
    ]);
    expect(
      names(
        new SkillCatalogue(skills).find(
          query({ text: 'light in the hall', goal: '(and (light-on lamp1))', changes, most: 1 }),
        ),
      ),
    ).toEqual(['toggle']);
  });

  it('answers the same for the same skills, in whatever order they came (catalogue.1–2)', () => {
    const arrays = fc.shuffledSubarray(skills, { minLength: skills.length });
    fc.assert(
      fc.property(arrays, (shuffled) =>
        expect(names(new SkillCatalogue(shuffled).find(query({ text: 'door', most: 4 })))).toEqual([
          'lock-door',
          'open-door',
          'cook',
          'fly',
        ]),
      ),
    );
  });
});

const DATA = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

interface Func {
  readonly name: string;
  readonly description: string;
  readonly parameters: { readonly properties: Readonly<Record<string, { readonly type: string }>> };
}
interface Task {
  readonly question: readonly (readonly { readonly content: string }[])[];
  readonly ground_truth: readonly (readonly string[])[];
}

/** Published functions and operations, among as many that nobody asks for. */
function published(): readonly SkillManifest[] {
  const files = readdirSync(`${DATA}/bfcl/func_doc`);
  const functions = files.flatMap((file) =>
    readFileSync(`${DATA}/bfcl/func_doc/${file}`, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Func),
  );
  const manifests = functions.map(({ name, description, parameters }) => ({
    ...skill(name, description.replace(/^.*Tool description: /s, '')),
    parameters: Object.entries(parameters.properties).map(([p, { type }]) => ({ name: p, type })),
  }));
  const { paths } = JSON.parse(readFileSync(`${DATA}/tau2-retail/openapi.json`, 'utf8')) as {
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { readonly summary?: string; readonly description?: string }>>>
    >;
  };
  const retail = Object.values(paths)
    .flatMap((path) => Object.values(path))
    .map((o, i) => skill(`retail_${i}`, o.description ?? o.summary ?? ''));
  const crowd = ['create', 'get', 'update', 'delete', 'list', 'find'].flatMap((verb) =>
    'invoice patient lecture parcel recipe lawsuit vaccine playlist sensor warehouse contract garden museum orchestra satellite choir'
      .split(' ')
      .map((noun) => skill(`${verb}_${noun}`, `${verb} a ${noun} by its number`)),
  );
  return [...manifests, ...retail, ...crowd];
}

(existsSync(`${DATA}/bfcl`) && existsSync(`${DATA}/tau2-retail`) ? describe : describe.skip)(
  'recall on published tasks (skipped where ../shared/data is missing)',
  () => {
    const { tasks } = existsSync(`${DATA}/bfcl`)
      ? (JSON.parse(readFileSync(`${DATA}/bfcl/multi_turn_base.json`, 'utf8')) as { readonly tasks: readonly Task[] })
      : { tasks: [] };
    const requests = tasks.flatMap(({ question, ground_truth: truth }) =>
      question.map((turn, t) => ({
        text: turn.map((m) => m.content).join('\n'),
        needs: [...new Set(truth[t]!.map((call) => call.slice(0, call.indexOf('('))))],
      })),
    );

    it.each([
      [10, 0.8],
      [20, 0.87],
      [40, 0.9],
    ])('among %d of hundreds of skills are at least %d of those that a request in plain words needs', (most, least) => {
      const skills = published();
      expect(skills.length).toBeGreaterThan(200);
      const catalogue = new SkillCatalogue(skills);
      const hits = requests.flatMap(({ text, needs }) => {
        const found = new Set(names(catalogue.find(query({ text, most }))));
        return needs.map((name) => found.has(name));
      });
      expect(hits.length).toBeGreaterThan(100);
      expect(hits.filter(Boolean).length / hits.length).toBeGreaterThanOrEqual(least);
    });
  },
);
