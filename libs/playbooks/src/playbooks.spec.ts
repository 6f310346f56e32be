import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderNodes, playbookSchema, type PlaybookFile } from '@praxis/core';
import * as fc from 'fast-check';
import { bindInputs } from './bind-inputs.js';
import { choosePlaybook } from './choose-playbook.js';
import { compilePlaybook, goalOfPlaybook, titleOfPlaybook } from './compile-playbook.js';
import { findPlaybook, listPlaybooks, shippedPlaybooks } from './find-playbooks.js';
import { readPlaybook } from './read-playbook.js';

const make = (more: Partial<PlaybookFile> = {}) =>
  playbookSchema.parse({
    playbook: 'report',
    title: 'Report of {{ file }}',
    inputs: { file: { type: 'file' }, most: { type: 'integer', default: 3 } },
    steps: [
      { id: 'load', do: 'table.load', with: { file: '$file', as: 'data' } },
      { id: 'count', do: 'table.query', with: { sql: 'select count(*) from data' } },
      { id: 'note', do: 'note', with: { text: '{{ load.rows }} of $most' } },
      { id: 'write', do: 'doc.write', with: { data: ['$count.rows', '$note'] }, after: ['load'] },
    ],
    done: [{ file: 'report.md' }, { expr: 'load.rows > 0' }],
    ...more,
  });

describe('a plan of a playbook', () => {
  const nodes = compilePlaybook(make(), { version: 2 });

  it('has one subgoal for each step, which carries it (compile.1)', () => {
    expect(nodes.map((n) => [n.id, n.script![0]!.id])).toEqual([
      ['2.1', 'load'],
      ['2.2', 'count'],
      ['2.3', 'note'],
      ['2.4', 'write'],
    ]);
  });

  it('waits for what a step names or refers to, or for the step before it (compile.1)', () =>
    expect(nodes.map((n) => n.after)).toEqual([[], ['2.1'], ['2.1'], ['2.1', '2.2', '2.3']]));

  it('names what each subgoal uses and gives (compile.2)', () => {
    expect(nodes.map((n) => n.uses)).toEqual([['file'], [], ['load'], ['count', 'note']]);
    expect(nodes.map((n) => n.gives!.map((g) => g.name))).toEqual([['load'], ['count'], ['note'], ['write']]);
  });

  it('keeps what is done under its id, and has the rest wait for it (compile.3)', () => {
    const kept = new Map(nodes.slice(0, 2).map((n) => [n.script![0]!.id, n]));
    const again = compilePlaybook(make(), { version: 3, kept });
    expect(again.slice(0, 2)).toEqual(nodes.slice(0, 2));
    expect(again.map((n) => n.id)).toEqual(['2.1', '2.2', '3.3', '3.4']);
    expect(again[3]!.after).toEqual(['2.1', '2.2', '3.3']);
  });

  it('is done when its checks pass', () =>
    expect(goalOfPlaybook(make())).toMatchObject({
      condition: '(and (check done-1) (check done-2))',
      checks: { 'done-1': { file: 'report.md' } },
    }));

  it('has a title with the names of files in it', () =>
    expect(
      titleOfPlaybook(make(), { file: { $artifact: 'a'.repeat(64), size: 1, mediaType: 'text/csv', name: 's.csv' } }),
    ).toBe('Report of s.csv'));
});

/** Playbooks whose steps refer to some earlier steps, by every way there is. */
const playbooks = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .chain((links) =>
    fc.tuple(fc.constant(links), fc.array(fc.nat(4), { minLength: links.length, maxLength: links.length })),
  )
  .map(([links, ways]) =>
    make({
      done: [],
      steps: links.map((earlier, i) => {
        const names = i === 0 ? [] : [...new Set(earlier.map((n) => `s${n % i}`))];
        const step = { id: `s${i}`, do: 'note' };
        if (ways[i] === 0) return { ...step, after: names };
        if (ways[i] === 1) return { ...step, with: { deep: [{ er: names.map((n) => `$${n}.x`) }] } };
        if (ways[i] === 2) return { ...step, with: { text: names.map((n) => `{{ ${n}.x }}`).join(' ') } };
        if (ways[i] === 3 && names.length > 0) return { ...step, when: names.map((n) => `${n} != null`).join(' && ') };
        return { ...step, check: names.map((n) => ({ json: `$${n}`, schema: {} })) };
      }),
    }),
  );

describe('a plan of any playbook', () => {
  it('can be put in an order, and only its first step waits for none (compile.1)', () =>
    fc.assert(
      fc.property(playbooks, (playbook) => {
        const nodes = compilePlaybook(playbook, { version: 1 });
        expect(orderNodes(nodes)).not.toBeNull();
        expect(nodes.flatMap((n) => (n.after.length === 0 ? [n.script![0]!.id] : []))).toEqual(['s0']);
      }),
    ));

  it('waits for everything that it uses, whatever the way in which it refers to it (compile.2)', () =>
    fc.assert(
      fc.property(playbooks, (playbook) => {
        const nodes = compilePlaybook(playbook, { version: 1 });
        const ids = new Map(nodes.map((n) => [n.script![0]!.id, n.id]));
        for (const node of nodes)
          for (const name of node.uses ?? []) if (ids.has(name)) expect(node.after).toContain(ids.get(name));
      }),
    ));

  it('stays the same where some of it is kept, but for the ids of the rest (compile.3)', () =>
    fc.assert(
      fc.property(playbooks, fc.nat(), (playbook, many) => {
        const first = compilePlaybook(playbook, { version: 1 });
        const kept = new Map(first.slice(0, many % (first.length + 1)).map((n) => [n.script![0]!.id, n]));
        const again = compilePlaybook(playbook, { version: 2, kept });
        const place = (nodes: typeof first): readonly (readonly number[])[] =>
          nodes.map((n) => n.after.map((id) => nodes.findIndex((m) => m.id === id)));
        expect(place(again)).toEqual(place(first));
      }),
    ));
});

describe('reading a playbook', () => {
  const text = (steps: string): string => `playbook: x\ntitle: X\ninputs:\n  file: { type: file }\nsteps:\n${steps}`;

  it.each([
    ['  - { id: a, do: note, wiht: {} }', /x\.yaml:6: .*no field wiht; did you mean with\?/],
    [
      '  - { id: a, do: note, with: { t: $fil } }',
      /x\.yaml:6: there is no input or step called fil; did you mean file/,
    ],
    ['  - { id: a, do: note, with: { t: "{{ b.c }}" } }', /no input or step called b/],
    ['  - { id: a, do: note, with: { t: "{{ b" } }', /x\.yaml:6: /],
    ['  - { id: a, do: note, when: "file >" }', /cannot be parsed/],
    ['  - { id: a, do: note, after: [b] }', /there is no step called b/],
    ['  - { id: a, do: note }\n  - { id: a, do: note }', /x\.yaml:7: two steps are called a/],
    ['  - { id: file, do: note }', /the step file has the name of an input/],
    ['  - { id: a, do: note, after: [b] }\n  - { id: b, do: note, after: [a] }', /the steps a, b wait for each other/],
    ['  - { id: a, do: note, each: { of: $file, as: file } }', /file is the name of an input or a step/],
    ['  - { id: a, do: note, each: { of: $file, parallel: 0 } }', /each\.parallel/],
    ['  - { id: a, do: note, onFail: stop }', /onFail/],
    ['  - { id: a, do: note, check: [{ json: $b, schema: {} }] }', /no input or step called b/],
    ['  - { do: note }', /steps\[0\]\.id: is missing/],
    ['  - { id: a, do: note', /x\.yaml:\d+: /],
    ['  []', /steps/],
  ])('says what is wrong, and where: %j', (steps, message) =>
    expect(() => readPlaybook(text(steps), 'x.yaml')).toThrow(message),
  );

  it('refuses a skill that its own grants leave out, and says where', () => {
    const granted = (skill: string): string =>
      `playbook: x\ntitle: X\ngrants: { skills: [table.*, note] }\nsteps:\n  - { id: a, do: ${skill} }\n`;
    expect(() => readPlaybook(granted('web.fetch'), 'x.yaml')).toThrow(
      /x\.yaml:5: the grants allow table\.\*, note, and not web\.fetch/,
    );
    for (const skill of ['note', 'table.load']) expect(readPlaybook(granted(skill), 'x.yaml').playbook).toBe('x');
  });

  it('takes what is right', () =>
    expect(readPlaybook(text('  - { id: a, do: note, with: { t: $file } }'), 'x.yaml').steps).toHaveLength(1));
});

describe('inputs', () => {
  const file = { $artifact: 'a'.repeat(64), size: 1, mediaType: 'text/csv', name: 's.csv' };

  it('are read as the playbook says, with defaults for what is left out', () => {
    expect(bindInputs(make(), { file })).toEqual({ file, most: 3 });
    expect(bindInputs(make(), { file, most: '7' })).toEqual({ file, most: 7 });
  });

  it.each([
    [{}, /needs the input file: --in file=FILE/],
    [{ fil: 'x' }, /no input fil\. Did you mean file\?/],
    [{ file: 's.csv' }, /must be a file/],
    [{ file, most: '1.5' }, /must be a whole number/],
    [{ file, most: '' }, /must be a whole number/],
  ])('say what is wrong: %j', (given, message) => expect(() => bindInputs(make(), given)).toThrow(message));

  it('hold truth values, addresses and JSON', () => {
    const inputs = { yes: { type: 'boolean' }, at: { type: 'url' }, list: { type: 'array' } } as const;
    const playbook = make({ inputs, steps: [{ id: 'a', do: 'note' }], done: [] });
    expect(bindInputs(playbook, { yes: 'no', at: 'https://a.example/x', list: '[1,2]' })).toEqual({
      yes: false,
      at: 'https://a.example/x',
      list: [1, 2],
    });
    expect(() => bindInputs(playbook, { yes: 'no', at: 'file:///etc/passwd', list: '[]' })).toThrow(/http/);
  });
});

describe('choosing a playbook by words', () => {
  const all = [
    make({ playbook: 'profile-csv', matches: ['profile *.csv'] }),
    make({ playbook: 'check-links', matches: ['check the links of *', 'profile *'] }),
  ];

  it.each([
    ['Profile  sales.csv.', 'several'],
    ['check the links of https://a.example', 'one'],
    ['Check links', 'one'],
    ['profile csv', 'several'],
    ['profile', 'none'],
    ['buy milk', 'none'],
  ])('%s: %s', (request, kind) => expect(choosePlaybook(all, request).kind).toBe(kind));
});

describe('what a pattern means', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'the', 'links'), { maxLength: 5 }).map((list) => list.join(' '));

  it('is what a regular expression with .* for * means', () =>
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), words, (parts, request) => {
        const pattern = parts.join('*');
        fc.pre(pattern.trim() !== '' && pattern === pattern.trim() && !/ {2}/.test(pattern));
        const expected = new RegExp(`^${parts.join('.*')}$`).test(request);
        const { kind } = choosePlaybook([make({ playbook: 'unlike', matches: [pattern] })], request);
        expect(kind).toBe(expected ? 'one' : 'none');
      }),
    ));
});

describe('finding a playbook', () => {
  let folder: string;
  const text = (name: string): string => `playbook: ${name}\ntitle: T\nsteps: [{ id: a, do: note }]\n`;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'praxis-playbooks-'));
    writeFileSync(join(folder, 'own.yaml'), text('profile-csv'));
    writeFileSync(join(folder, 'second.yml'), text('second'));
    writeFileSync(join(folder, 'broken.yaml'), 'playbook: broken\ntitle: T\n');
    writeFileSync(join(folder, 'notes.txt'), 'no playbook');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the first of two with one name', () => {
    expect(findPlaybook('profile-csv', [folder], '/').from).toBe(join(folder, 'own.yaml'));
    expect(listPlaybooks([folder], () => undefined).filter((p) => p.playbook.playbook === 'profile-csv')).toHaveLength(
      1,
    );
  });

  it('finds a file by a path from the folder, and by a whole path', () => {
    expect(findPlaybook('./second.yml', [], folder).playbook.playbook).toBe('second');
    expect(findPlaybook(join(folder, 'second.yml'), [], '/nowhere').playbook.playbook).toBe('second');
  });

  it('says what is wrong with a broken file where that one is asked for, and only there', () => {
    expect(() => findPlaybook('broken', [folder], '/')).toThrow(/broken\.yaml.*steps: is missing/);
    expect(findPlaybook('second', [folder], '/').playbook.playbook).toBe('second');
    expect(() => listPlaybooks([folder])).toThrow(/broken\.yaml/);
  });

  it('says which folder cannot be read', () =>
    expect(() => listPlaybooks([join(folder, 'none')])).toThrow(/none cannot be read \(ENOENT\)/));

  it('finds what is shipped by its name, and names what there is', () => {
    expect(shippedPlaybooks().map((p) => p.playbook.playbook)).toEqual([
      'check-links',
      'migrate-folder',
      'profile-csv',
    ]);
    expect(findPlaybook('profile-csv', [], '/').from).toBe('shipped');
    expect(() => findPlaybook('profil-csv', [], '/')).toThrow(/Did you mean profile-csv\?/);
  });
});
