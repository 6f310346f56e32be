import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check } from './laws.mjs';

const HOME = 'libs/search/src/lamp.ts';
const SPEC = 'libs/search/src/lamp.spec.ts';
/** A law as it stands in a doc comment, and a citation as it stands in a title; the ids are of no law of Praxis. */
const law = (id, text = 'A lit lamp is lit.') => ` * ${id} ${text}`;
const home = (...laws) => ['/**', ...laws, ' */', 'export {};'].join('\n');
const cite = (ids) => `it('is lit ${`(${ids})`}', () => {});`;
const lit = (id) => `Lit ${`(${id})`}.\n`;

/** The problems of a folder with these files. */
function problems(files, untested = {}) {
  const root = mkdtempSync(join(tmpdir(), 'praxis-laws-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return check(root, untested).problems;
}

describe('the check of laws', () => {
  it('finds nothing wrong where each law is cited by a test, in a list or a range', () => {
    const laws = home(...[1, 2, 3, 4].map((n) => law(`lamp.${n}`)));
    expect(problems({ [HOME]: laws, [SPEC]: cite('lamp.1, lamp.2–3') + '\n// lamp.4' })).toEqual([]);
    expect(problems({ [HOME]: laws, [SPEC]: cite('lamp.1-lamp.4') })).toEqual([]);
  });

  it('rejects a prefix with two homes', () => {
    const other = 'libs/search/src/other.ts';
    expect(problems({ [HOME]: home(law('lamp.1')), [other]: home(law('lamp.2')), [SPEC]: cite('lamp.1-2') })).toEqual([
      `${other}:2: lamp.2 has another home, ${HOME}:2`,
    ]);
  });

  it('rejects numbers that leave one out or are out of order', () => {
    expect(problems({ [HOME]: home(law('lamp.1'), law('lamp.3')), [SPEC]: cite('lamp.1, lamp.3') })).toEqual([
      `${HOME}:3: lamp.3 stands where lamp.2 should`,
    ]);
    expect(problems({ [HOME]: home(law('lamp.2'), law('lamp.1')), [SPEC]: cite('lamp.1-2') })).toHaveLength(1);
  });

  it('rejects citations of laws and machines that do not exist, wherever they stand', () => {
    const files = { [HOME]: home(law('lamp.1')), [SPEC]: cite('lamp.1') };
    expect(problems({ ...files, 'docs/lamps.md': `Once\n${lit('lamp.2')}` })).toEqual([
      'docs/lamps.md:2: there is no law lamp.2',
    ]);
    expect(problems({ ...files, 'README.md': lit('lmap.1') })).toEqual([
      'README.md:1: no machine has laws named lmap.1, lmap.2 …',
    ]);
  });

  it('takes no file name, version or longer id for a citation', () => {
    const files = { [HOME]: home(law('lamp.1')), [SPEC]: cite('lamp.1') };
    expect(problems({ ...files, 'README.md': 'src/lamp.7, lamp.7.1, my-lamp.7, v2.lamp.7 and lamp.7x.' })).toEqual([]);
  });

  it('rejects a law that no test cites, unless it says why', () => {
    const files = { [HOME]: home(law('lamp.1')), 'README.md': lit('lamp.1') };
    expect(problems(files)).toEqual([`${HOME}:2: no test cites lamp.1`]);
    expect(problems(files, { 'lamp.1': 'too dark to see' })).toEqual([]);
    expect(problems({ ...files, [SPEC]: cite('lamp.1') }, { 'lamp.1': 'too dark to see' })).toEqual([
      `${HOME}:2: lamp.1 is cited by a test; UNTESTED still lists it`,
    ]);
  });

  it('rejects ids of a letter and a number, except those of the spine', () => {
    expect(problems({ [HOME]: home(law('L1')) })).toEqual([`${HOME}:2: the law L1 needs an id that names its machine`]);
    const spine = { 'ARCHITECTURE.md': '- **S1** What is not written did not happen.\n' };
    expect(problems({ ...spine, [HOME]: home(law('S1')), [SPEC]: cite('S1') })).toEqual([]);
    expect(problems({ ...spine, [SPEC]: cite('S1, S2') })).toEqual([`${SPEC}:1: there is no law S2`]);
  });
});
