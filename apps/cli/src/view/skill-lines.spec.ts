import type { SkillManifest } from '@praxis/core';
import { skillLines, skillTable, troubleLines } from './skill-lines.js';
import { argumentsOf } from '../commands/worlds/call-skill.js';

const remind: SkillManifest = {
  name: 'remind',
  summary: 'reminds a customer',
  parameters: [
    { name: 'invoice', type: 'string' },
    { name: 'copies', type: 'integer', optional: true },
  ],
  input: { type: 'object', properties: { invoice: { type: 'string' }, copies: { type: 'integer' } } },
  output: { type: 'object', properties: { sent: { type: 'boolean' } } },
  effect: 'irreversible',
  keyed: true,
  outside: true,
  resources: ['gpu'],
  risk: 3,
  source: 'http:127.0.0.1:9000',
};

describe('skills for people', () => {
  it('are listed with what they take, what may be left out, and what they give', () => {
    const [head, , row] = skillTable([{ ...remind, world: 'any' }], 200);
    expect(head).toMatch(/skill +inputs +output +effect +world +source/);
    expect(row).toMatch(/remind +invoice: string, copies\?: integer +object +irreversible +any +http:127.0.0.1:9000/);
  });

  it('are shown in full with their schemas and what a call costs', () => {
    const text = skillLines(remind).join('\n');
    expect(text).toContain('irreversible, done at most once per key, its answers are untrusted, risk 3');
    expect(text).toContain('resources gpu');
    expect(text).toContain('"sent": {');
  });

  it('are told with why they are left out, and sources with why they are down', () =>
    expect(
      troubleLines(
        [{ name: 'move', source: 'http:h', reason: 'world:w already has it' }],
        [
          { name: 'mcp:a', isUp: false, note: 'away' },
          { name: 'mcp:b', isUp: true, note: '3 skills' },
        ],
      ),
    ).toEqual(['source mcp:a is down: away', 'left out: move of http:h: world:w already has it']));
});

describe('arguments on the command line', () => {
  it('are texts where the skill wants texts, and JSON otherwise', () =>
    expect(argumentsOf(['invoice=007', 'copies=2', 'other=a=b'], remind)).toEqual({
      invoice: '007',
      copies: 2,
      other: 'a=b',
    }));

  it('need a name', () => expect(() => argumentsOf(['=x'], remind)).toThrow('written name=value'));
});
