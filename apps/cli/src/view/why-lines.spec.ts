import type { NodeChoice } from '@praxis/core';
import type { ExplainedRecord, ExplainedThought, Explanation } from '@praxis/wire';
import { whyLines } from './why-lines.js';

const RUN = 'r-3f9k2m7q1c';
const decision = {
  number: 4,
  subgoal: `${RUN}.2.1.1`,
  step: 1,
  action: { skill: 'fly', args: { who: 'ann' } },
  why: 'it is fast',
  origin: 'model',
  taint: [],
};
const bounded = (text: string, leftOut = 0) => ({ text, leftOut });
const choice: NodeChoice = {
  model: 'qwen3',
  attempt: 1,
  hedge: false,
  picked: 'gpu1',
  waitedMs: 1_234,
  outcome: 'ok',
  considered: [
    { node: 'gpu2', score: null, parts: {}, ruledOut: 'its breaker is open' },
    { node: 'gpu1', score: 0.71, parts: { load: 0.30001, prefix: 0.4 }, ruledOut: null },
  ],
};
const record: ExplainedRecord = {
  role: 'actor',
  prompt: { name: 'next-action', sha256: '0123456789abcdef' },
  leftOut: { skills: 12, facts: 0 },
  offered: ['shop.remind', 'done'],
  messages: [],
  samples: [
    {
      answer: {
        text: bounded('{"action":\n  "(fly ann)"}'),
        reasoning: bounded('hm'),
        finish: 'stop',
        usage: { input: 90, cached: 60, output: 9, reasoning: 4 },
      },
      problem: '',
      model: 'qwen3',
      node: 'gpu1',
      choices: [choice],
    },
    {
      answer: null,
      problem: 'the answer is cut short',
      model: 'qwen3',
      node: 'gpu1',
      choices: [
        { ...choice, attempt: 2, hedge: true, picked: null, waitedMs: 0, outcome: 'unavailable', considered: [] },
      ],
    },
  ],
};
const thought: ExplainedThought = {
  id: 'e2',
  kind: 'propose',
  by: 'actor',
  about: '',
  isEarlier: false,
  at: 1,
  tookMs: 420,
  results: ['(go ann) (3 times): it is near', '(fly ann): it is fast'],
  note: 'one answer was cut short',
  spent: { steps: 0, calls: 2, tokens: 198, money: 0, risk: 0 },
  record,
  gone: '',
};
const lines = (explanation: Partial<Explanation>, view = {}): string =>
  whyLines(
    { decision: null, planning: null, thoughts: [], ...explanation },
    { run: RUN, isWhole: false, width: 80, ...view },
  ).join('\n');

describe('what models did for the run itself, as text', () => {
  it('counts no words about the request as candidates, and no verdict on a constraint as a problem', () => {
    const request = {
      ...thought,
      id: 'request',
      by: 'grounder',
      results: ['asked for: tea', 'understood as: (tea)'],
      note: '',
      record: null,
      gone: 'It is gone.',
    };
    const judged = {
      ...thought,
      id: 'constraints',
      kind: 'verify' as const,
      by: 'judge',
      about: 'the constraints of the request',
      results: ['no sugar: kept'],
      note: '',
      record: null,
      gone: 'It is gone.',
    };
    const text = lines({ thoughts: [request, judged] });
    expect(text).toContain('request  grounder read the request, in 420 ms for 2 calls, 198 tokens\n  asked for: tea');
    expect(text).toContain('constraints  judge judged the constraints of the request, in 420 ms for 2 calls');
  });
});

describe('why a step was decided, as text', () => {
  it('goes from the decision to the candidates, the model and its node, and every node that was considered', () => {
    const scored = {
      ...thought,
      id: 'e3',
      kind: 'evaluate' as const,
      by: 'judge',
      results: ['0.9 (fly ann)', '0.4 (go ann)'],
      note: '',
      spent: null,
      record: null,
      gone: 'It is not kept any more.',
    };
    expect(lines({ decision, thoughts: [thought, scored] })).toBe(
      [
        'step 4     (fly ann)',
        'in         r-3f9k2m7q1c.2.1.1, its step 1',
        'chosen by  model',
        'because    it is fast',
        '',
        'e2  actor proposed 2 candidates, in 420 ms for 2 calls, 198 tokens',
        '  (go ann) (3 times): it is near',
        '  (fly ann): it is fast',
        '  note: one answer was cut short',
        '  prompt next-action (0123456789ab), to the model of the actor; 12 lines of',
        '    skills did not fit',
        '  could choose shop.remind, done',
        '  answer 1 of qwen3 on gpu1: 90 tokens in (60 cached), 9 out (4 of them',
        '    reasoning)',
        '    {"action": "(fly ann)"}',
        '    thought aloud:',
        '      hm',
        '    try 1, for qwen3: gpu1 answered, after 1.2 s in the queue',
        '      ✓ gpu1    0.71  load 0.3, prefix 0.4',
        '      · gpu2       –  ruled out: its breaker is open',
        '  answer 2 of qwen3 on gpu1',
        '    of no use: the answer is cut short',
        '    try 2, besides one that was slow to begin, for qwen3: no node: unavailable',
        '',
        'e3  judge scored 2 candidates, in 420 ms',
        '  0.9 (fly ann)',
        '  0.4 (go ann)',
        '  It is not kept any more.',
      ].join('\n'),
    );
  });

  it('shows what a skill outside the world answered, in short or whole', () => {
    const answer = { action: '(list)', text: `[{"id":"inv-101"}]\n${'x'.repeat(700)}`, source: 'http:shop' };
    expect(lines({ decision: { ...decision, answer } }, { width: 2_000 })).toMatch(
      /^answered {3}by http:shop\n {11}\[\{"id":"inv-101"\}\] x+\n.*more characters; --prompt shows all/m,
    );
    expect(lines({ decision: { ...decision, answer } }, { isWhole: true })).toContain('x'.repeat(700));
  });

  it('says plainly where search decided it, and where the plan did', () => {
    const found = {
      ...thought,
      by: 'search',
      results: ['2 steps: (go) (go)'],
      note: '35 states evaluated',
      spent: null,
      record: null,
      isEarlier: true,
    };
    expect(
      lines({ decision: { ...decision, origin: 'search', taint: ['web', 'mail'] }, thoughts: [found] }, { width: 100 }),
    ).toMatch(
      /^chosen by  search; no model was asked for it\n.*\ntaint      web, mail\n\ne2  search proposed 1 candidate \(for an earlier step\), in 420 ms; no model was asked\n  2 steps: \(go\) \(go\)\n  note: 35 states evaluated$/m,
    );
    expect(lines({ decision: { ...decision, origin: 'suggested' } })).toContain(
      'chosen by  the plan, which suggested it; see `praxis why r-3f9k2m7q1c --plan 2`',
    );
  });

  it('tells of a plan how its making ended, and what was wrong with what was proposed', () => {
    const checked = {
      ...thought,
      kind: 'verify' as const,
      by: 'checker',
      about: 'plan 1',
      results: ['nobody can fly'],
      note: '',
      spent: null,
      record: null,
    };
    const text = lines({
      planning: { version: 1, outcome: 'failed', reason: 'no plan passed the check' },
      thoughts: [checked, { ...checked, by: '', results: [] }],
    });
    expect(text).toContain('plan       1\nended      failed: no plan passed the check\n');
    expect(text).toContain(
      'e2  checker checked plan 1: 1 problem, in 420 ms\n  nobody can fly\n\ne2  checked plan 1: nothing is wrong, in 420 ms',
    );
    expect(lines({ planning: { version: 2, outcome: null, reason: '' } })).toBe(
      'plan       2\nended      not yet\n\nNothing has been thought yet.',
    );
  });

  it('keeps to its width, whatever anybody said', () => {
    const talk = {
      ...thought,
      results: [`(go ann): ${'because '.repeat(40)}`],
      note: 'n'.repeat(300),
      record: {
        ...record,
        samples: [
          { ...record.samples[0]!, answer: { ...record.samples[0]!.answer!, text: bounded('so '.repeat(400)) } },
        ],
      },
    };
    const shown = lines({ decision: { ...decision, why: 'why '.repeat(50) }, thoughts: [talk] });
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(shown).toContain('(599 more characters; --prompt shows all)');
  });

  it('shows conversations as they stand where the whole is asked for, with what is not told of them', () => {
    const said = `  1. ${'look '.repeat(30)}`.trimEnd();
    const asked = {
      ...thought,
      record: { ...record, messages: [{ role: 'user', content: bounded(`# Act\n${said}`, 7) }] },
    };
    expect(lines({ thoughts: [asked] }, { isWhole: true })).toContain(
      `  user:\n    # Act\n    ${said}\n    (7 more characters)\n`,
    );
    expect(lines({ thoughts: [asked] }, { isWhole: true })).toContain('    {"action":\n      "(fly ann)"}');
  });

  it('lets no model move the cursor', () => {
    const evil = '\u001b[2J\u009b1A\rx';
    const all = {
      ...thought,
      results: [evil],
      note: evil,
      gone: evil,
      record: {
        ...record,
        messages: [{ role: evil, content: bounded(evil) }],
        samples: [
          {
            ...record.samples[0]!,
            problem: evil,
            model: evil,
            node: evil,
            answer: { ...record.samples[0]!.answer!, text: bounded(evil), reasoning: bounded(evil) },
          },
        ],
      },
    };
    for (const isWhole of [true, false])
      expect(lines({ decision: { ...decision, why: evil, origin: evil }, thoughts: [all] }, { isWhole })).not.toMatch(
        /(?!\n)\p{Cc}/u,
      );
  });
});
