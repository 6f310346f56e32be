import { readFileSync } from 'node:fs';
import { parseSkills, type DeclaredSkill } from './declared-skill.js';
import { SkillRegistry } from './skill-registry.js';

const PAY = `
skills:
  - name: pay
    summary: pays an invoice
    parameters: [{ name: invoice }]
    effect: compensable
    keyed: true
    risk: 3
    money: 0.01
    undo: { skill: refund, args: { invoice: args.invoice, of: key } }
    http: { url: "http://127.0.0.1:9000/pay/{invoice}", headers: { authorization: { prefix: "Bearer ", file: token } } }
    probe: { url: "http://127.0.0.1:9000/effects/{key}" }
`;
const parse = (text: string, secret = 's3cret'): readonly DeclaredSkill[] =>
  parseSkills(text, { file: 'skills.yaml', secret: () => secret });
const fault = (text: string, secret?: string): string => {
  try {
    parse(text, secret);
    return 'nothing';
  } catch (thrown) {
    expect(thrown).toMatchObject({ name: 'PraxisError', code: 'invalid' });
    return (thrown as Error).message;
  }
};

describe('parseSkills', () => {
  it('makes a skill of an entry, with all that the ledger wants to know', () => {
    const [{ skill, performs }] = parse(PAY) as [DeclaredSkill];
    expect(performs).toBeNull();
    expect(skill.manifest).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      outside: true,
      input: {
        type: 'object',
        properties: { invoice: { type: 'string' } },
        required: ['invoice'],
        additionalProperties: false,
      },
      name: 'pay',
      summary: 'pays an invoice',
      parameters: [{ name: 'invoice', type: 'string' }],
      effect: 'compensable',
      keyed: true,
      source: 'http:127.0.0.1:9000',
      probed: true,
      polling: false,
      undo: { skill: 'refund', args: { invoice: 'args.invoice', of: 'key' } },
      risk: 3,
      money: 0.01,
    });
  });

  it('takes what does not say what it does to the world for the worst', () => {
    const [{ skill }] = parse('skills: [{ name: go, summary: goes, http: { url: "http://h/go" } }]') as [DeclaredSkill];
    expect(skill.manifest).toMatchObject({ effect: 'unknown', keyed: false, probed: false });
    expect(skill.probe).toBeUndefined();
  });

  it('reads JSON as well, and a file without skills', () => {
    expect(
      parse(
        '{"skills":[{"name":"look","summary":"looks","effect":"pure","http":{"method":"GET","url":"http://h/look"}}]}',
      ),
    ).toHaveLength(1);
    expect(parse('skills: []')).toEqual([]);
  });

  it.each([
    [
      'a slip in a field',
      PAY.replace('keyed:', 'kyed:'),
      'skills[0] (pay): there is no field kyed; did you mean `keyed`?',
    ],
    [
      'a slip in the name of a field that has to be there',
      PAY.replace('http:', 'htpp:'),
      'skills[0] (pay): there is no field htpp; did you mean `http`? (and 1 more)',
    ],
    ['an entry without a request', 'skills: [{ name: go, summary: goes }]', 'skills[0] (go): http: is missing.'],
    ['an empty file', '# nothing yet', 'skills.yaml is empty'],
    [
      'a field within a field',
      PAY.replace('{ url: "http://127.0.0.1:9000/pay', '{ verb: POST, url: "http://127.0.0.1:9000/pay'),
      'skills[0] (pay): http: there is no field verb',
    ],
    [
      'a placeholder without a parameter',
      PAY.replace('pay/{invoice}', 'pay/{invoic}'),
      'http.url: there is no parameter {invoic}; there are {invoice}, {key}',
    ],
    [
      'a probe that does not say what it is asked about',
      PAY.replace('effects/{key}', 'effects'),
      'probe.url: must contain {key}',
    ],
    ['an undo of nothing', PAY.replace('args.invoice', 'args.bill'), 'undo.args.invoice: there is no parameter bill'],
    [
      'an undo without a way to say so',
      PAY.replace('effect: compensable', 'effect: irreversible'),
      'effect: must be compensable',
    ],
    ['a compensation without an undo', PAY.replace(/undo:.*/, ''), 'undo: is missing'],
    [
      'a GET with consequences',
      'skills: [{ name: go, summary: goes, effect: reversible, http: { method: GET, url: "http://h" } }]',
      'effect: must be pure',
    ],
    ['a skill nobody could choose', 'skills: [{ name: go, http: { url: "http://h" } }]', 'summary: is missing'],
    [
      'parameters besides those of a world',
      PAY.replace('summary:', 'performs: pddl\n    summary:'),
      'parameters: are those of the action of pddl',
    ],
    ['a header that is ours', PAY.replace('authorization', 'Idempotency-Key'), 'is set by Praxis itself'],
    [
      'an effect that does not exist',
      PAY.replace('effect: compensable', 'effect: harmless'),
      'skills[0] (pay): effect: ',
    ],
    ['a parameter called key', PAY.replaceAll('invoice', 'key'), 'must not be `key`'],
    ['one name for two skills', `${PAY}${PAY.replace('\nskills:\n', '')}`, 'skills[1] (pay) is declared a second time'],
    ['a list instead of a file', '- pay', 'skills.yaml: '],
    ['what is no YAML', 'skills: [', 'not readable as YAML or JSON'],
  ])('refuses %s and says where', (_, text, message) => expect(fault(text)).toContain(message));

  it('reads what docs/skills.md shows', async () => {
    const page = readFileSync(new URL('../../../docs/skills.md', import.meta.url), 'utf8');
    const [whole, entry] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text!);
    const skills = parse(whole!).map(({ skill }) => skill);
    expect(
      (await SkillRegistry.gather([{ name: 'docs', list: async () => skills }])).manifests.map(({ name }) => name),
    ).toEqual(['list-overdue', 'remind']);
    expect(parse(`skills:\n${entry!}`)).toMatchObject([
      { performs: 'pddl', skill: { manifest: { source: 'http:127.0.0.1:9000, world:pddl' } } },
    ]);
  });

  it('says which header wants a secret, and never what the secret is', () => {
    const asked: string[] = [];
    parseSkills(PAY, { file: 'skills.yaml', secret: (field, file) => (asked.push(`${field} ← ${file}`), 'x') });
    expect(asked).toEqual(['skills.yaml: skills[0] (pay): http.headers.authorization ← token']);
    const message = fault(PAY, 'two\nlines');
    expect(message).toContain('http.headers.authorization holds what a header cannot');
    expect(message).not.toContain('two');
    expect(JSON.stringify(parse(PAY)[0]!.skill.manifest)).not.toContain('s3cret');
  });
});
