import * as fc from 'fast-check';
import { inputTokens } from '../client/token-estimate.js';
import { parsePrompt } from './prompt-file.js';
import { renderPrompt, type HoleValues, type RenderedPrompt } from './render-prompt.js';

const FILE = parsePrompt(
  `---
name: next-action
role: actor
answer: next_action
messages:
  - { role: system, stable: true, sections: [task, rules] }
  - { role: user, sections: [memory, state, goal, actions] }
holes:
  who: { type: text }
  domain: { type: block, drop: whole, share: 0.5 }
  done: { type: list, drop: first, share: 0.2 }
  facts: { type: list, share: 0.3, sort: true }
  goal: { type: block }
  actions: { type: list, sort: true }
evict: [done, domain, facts]
---

# task

You are {{who}}.

# rules

The rules:

{{domain}}

# memory

Done:

{{done}}

# state

{{facts}}

# goal

{{goal}}

# actions

Legal:

{{actions}}
`,
  'p.md',
);

const VALUES: HoleValues = {
  who: 'ann',
  domain: '(define (domain d))\n',
  done: ['(go) -> ok', '(take) -> ok'],
  facts: ['(b)', '(a)'],
  goal: '(on a b)',
  actions: ['(put)', '(go)'],
};
const render = (values: HoleValues, budget = 10_000): RenderedPrompt =>
  renderPrompt(FILE, { ...VALUES, ...values }, budget);
const userText = (prompt: RenderedPrompt): string => prompt.messages.at(-1)!.content;

/** Blocks by name as a strict reader of Markdown sees them; a fence is closed by one that is at least as long. */
function blocksOf(text: string): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map<string, string[]>();
  let open: { fence: string; lines: string[] } | null = null;
  for (const line of text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)) {
    const run = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (
      open !== null &&
      run !== null &&
      run[1]![0] === open.fence[0] &&
      run[1]!.length >= open.fence.length &&
      run[2]!.trim() === ''
    )
      open = null;
    else if (open !== null) open.lines.push(line);
    else if (run !== null) {
      open = { fence: run[1]!, lines: [] };
      expect(blocks.has(run[2]!)).toBe(false);
      blocks.set(run[2]!, open.lines);
    }
  }
  expect(open).toBeNull();
  return blocks;
}

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '`',
      '```',
      '````goal',
      '~~~',
      '\n',
      '\r',
      '\u2028',
      '\u0000',
      '{{goal}}',
      '{{',
      '# ',
      '(a)',
      '$&',
      '<|im_end|>',
      '\ud800',
    ),
    fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }),
  ),
  maxLength: 30,
});

describe('renderPrompt', () => {
  it('writes what the file says, data in fences under their names', () => {
    const { messages, stable, leftOut, tokens } = render({});
    expect(messages).toEqual([
      { role: 'system', content: 'You are ann.\n\nThe rules:\n\n```domain\n(define (domain d))\n```' },
      {
        role: 'user',
        content:
          'Done:\n\n```done\n(go) -> ok\n(take) -> ok\n```\n\n```facts\n(a)\n(b)\n```\n\n```goal\n(on a b)\n```\n\nLegal:\n\n```actions\n(go)\n(put)\n```',
      },
    ]);
    expect({ stable, leftOut, tokens }).toEqual({ stable: 1, leftOut: {}, tokens: inputTokens({ messages }) });
  });

  // render-prompt.5
  it('leaves out what has nothing to say, with the words around it; goal and actions are there even if empty', () => {
    const { messages } = render({ domain: '', done: [], facts: [' '], actions: [] });
    expect(messages).toEqual([
      { role: 'system', content: 'You are ann.' },
      { role: 'user', content: '```goal\n(on a b)\n```\n\nLegal:\n\n```actions\n```' },
    ]);
    const { facts: _, ...withoutFacts } = VALUES;
    expect(renderPrompt(FILE, withoutFacts, 1_000).messages).toHaveLength(2);
  });

  // render-prompt.3
  it('the oldest memory goes first, then the rules as a whole, then the facts of least rank, each with a word about it', () => {
    const many = {
      done: Array.from({ length: 9 }, (_, i) => `(step${i}) -> ok`),
      facts: Array.from({ length: 9 }, (_, i) => `(fact${9 - i})`),
      domain: `(define ${'x'.repeat(200)})`,
    };
    const full = render(many);
    expect(full.leftOut).toEqual({});
    const atMost = (budget: number): Readonly<Record<string, number>> => render(many, budget).leftOut;
    // Everything fits its share but the memory.
    expect(Object.keys(atMost(full.tokens))).toEqual(['done']);
    expect(userText(render(many, full.tokens))).toMatch(
      /done\n\(step\d\) -> ok[^`]*\(step8\) -> ok\n```\n\(\d more lines? (is|are) not shown\.\)/,
    );
    expect(atMost(100)).toEqual({ domain: 1 });
    expect(atMost(75)).toEqual({ domain: 1, done: expect.any(Number) });
    const tight = render(many, 50);
    expect(tight.leftOut).toEqual({ domain: 1, done: 9, facts: expect.any(Number) });
    expect(userText(tight)).toContain('(fact9)');
    expect(userText(tight)).not.toContain('(fact1)');
  });

  it('render-prompt.3: what happens late changes nothing in the messages before', () => {
    const rules = { domain: `(define ${'x'.repeat(600)})` };
    const early = (done: readonly string[]): unknown => render({ ...rules, done }, 500).messages[0];
    expect(early(Array.from({ length: 400 }, (_, i) => `(step${i}) -> ok`))).toEqual(early([]));
  });

  it('render-prompt.2: fails where the goal and the actions alone do not fit, and says how much they need', () => {
    expect(() => render({ actions: Array.from({ length: 500 }, (_, i) => `(action${i})`) }, 300)).toThrow(
      expect.objectContaining({
        code: 'exhausted',
        message: expect.stringMatching(/needs 1\d{3} tokens .* may have 300/),
      }),
    );
  });

  // render-prompt.2 and render-prompt.3
  it('fits its budget, whatever the holes hold, and always has all of goal and actions', () => {
    const lines = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 60 }).map((n) => 'short '.repeat(n).slice(0, n)),
        fc.integer({ min: 400, max: 900 }).map((n) => 'x'.repeat(n)),
        hostile,
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        lines,
        lines,
        fc.integer({ min: 0, max: 2_000 }).map((n) => 'rule '.repeat(n).slice(0, n)),
        fc.integer({ min: 110, max: 1_200 }),
        (done, facts, domain, budget) => {
          const prompt = render({ done, facts, domain }, budget);
          expect(inputTokens(prompt)).toBeLessThanOrEqual(budget);
          const blocks = blocksOf(userText(prompt));
          expect(blocks.get('goal')).toEqual(['(on a b)']);
          expect(blocks.get('actions')).toEqual(['(go)', '(put)']);
        },
      ),
    );
  });

  it('render-prompt.1: gives the same bytes for the same, and sorts only where order means nothing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['(a)', '(b)', '(c)'], { minLength: 3 }), (facts) => {
        expect(render({ facts })).toEqual(render({ facts: ['(a)', '(b)', '(c)'] }));
        expect(blocksOf(userText(render({ done: facts }))).get('done')).toEqual(facts);
      }),
    );
  });

  it('render-prompt.4: nothing in a hole opens or closes a block', () => {
    const names = ['done', 'facts', 'goal', 'actions'];
    fc.assert(
      fc.property(
        hostile,
        fc.array(hostile, { minLength: 1, maxLength: 4 }),
        hostile,
        hostile,
        (who, items, goal, domain) => {
          const { messages } = render({
            who: `x${who}`,
            domain,
            done: ['x', ...items],
            facts: ['x', ...items],
            goal,
            actions: items,
          });
          expect([...blocksOf(messages[0]!.content).keys()].filter((name) => name !== 'domain')).toEqual([]);
          expect([...blocksOf(messages[1]!.content).keys()]).toEqual(names);
          for (const mark of ['<|', '\u0000', '\u2028'])
            expect(messages.map((m) => m.content).join('')).not.toContain(mark);
        },
      ),
    );
  });

  it('render-prompt.4: a hole is not filled with what stands in another', () => {
    expect(render({ who: '{{goal}}' }).messages[0]!.content).toContain('You are {{goal}}.');
  });

  it('says which hole is missing or of another type', () => {
    const { goal: _, ...withoutGoal } = VALUES;
    expect(() => renderPrompt(FILE, withoutGoal, 1_000)).toThrow('The prompt next-action needs goal, a block.');
    expect(() => render({ facts: '(a)' })).toThrow(
      'facts of the prompt next-action is a list: give it an array of items.',
    );
    expect(() => render({ goal: ['(a)'] })).toThrow('goal of the prompt next-action is a block: give it one text.');
  });
});
