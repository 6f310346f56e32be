import { PraxisError, type ChatRequest, type Json } from '@praxis/core';
import { jsonAnswer, type AnswerMaker, type MadeAnswer } from '@praxis/simulator';

/** The fenced blocks of a prompt by name, as lines; the newest of a name wins. */
export type PromptBlocks = ReadonlyMap<string, readonly string[]>;

/** Says something of one kind of answer, from nothing but its prompt. */
export type PromptRunner = Readonly<Record<string, (blocks: PromptBlocks) => Json>>;

/** A model that answers by a few lines of code from what its prompt shows, and keeps every prompt it was given. */
export class BlockModel implements AnswerMaker {
  readonly prompts: { readonly kind: string; readonly text: string }[] = [];

  constructor(private readonly mind: PromptRunner) {}

  async answer({ messages, answer }: ChatRequest): Promise<MadeAnswer> {
    const kind = answer?.name ?? '';
    const text = messages.map((m) => m.content).join('\n\n');
    this.prompts.push({ kind, text });
    const say = this.mind[kind];
    if (!say) throw new PraxisError('missing', `This model says nothing of kind ${kind}.`);
    return jsonAnswer(say(blocksOf(text)));
  }

  async close(): Promise<void> {}
}

function blocksOf(text: string): PromptBlocks {
  const found = [...text.matchAll(/^(`{3,})([a-z][a-z-]*)\n([\s\S]*?)^\1$/gm)];
  return new Map(
    found.map(([, , name, lines]) => [
      name!,
      lines!
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ]),
  );
}

export const linesOf = (blocks: PromptBlocks, name: string): readonly string[] => blocks.get(name) ?? [];

/** One action, with the thought that a model would write beside it. */
export const act = (action: string): Json => ({ thought: 'This leads on.', action, question: '' });

/** A plan of one subgoal for the whole goal, whose steps are found on the way. */
const wholeGoal = (blocks: PromptBlocks): Json => ({
  thought: 'One piece of work.',
  subgoals: [{ title: 'All of it', owner: null, after: [], achieves: linesOf(blocks, 'goal').join(' '), steps: [] }],
  questions: [],
});

const agrees = {
  critique: () => ({ agree: true, problems: [] }),
  scores: (blocks: PromptBlocks) => ({ scores: linesOf(blocks, 'candidates').map(() => 0.5) }),
};

/**
 * Plugs lamps in and switches them on, with the actions that the prompt offers: from a list, or as calls of its own.
 */
export const LAMP_MIND: PromptRunner = {
  ...agrees,
  meta_plan: wholeGoal,
  next_action: (blocks) => {
    const facts = linesOf(blocks, 'facts');
    const dark = ['left', 'right'].find((lamp) => !facts.includes(`(lit ${lamp})`));
    if (dark === undefined) return act('done');
    const wanted = `(${facts.includes(`(plugged ${dark})`) ? 'switch-on' : 'plug-in'} ${dark})`;
    const isListed = linesOf(blocks, 'actions').includes(wanted);
    const isCall = linesOf(blocks, 'calls').some((line) => line.startsWith(`${wanted.split(' ')[0]!} `));
    return act(isListed || isCall ? wanted : 'stuck');
  },
};

/** Writes the notes that the goal names, with texts of its own, and does all else as `LAMP_MIND`. */
export const EXAMPLES_MIND: PromptRunner = {
  ...LAMP_MIND,
  next_action: (blocks) => {
    const wanted = linesOf(blocks, 'goal')
      .join(' ')
      .match(/\(note [a-z]+\)/g);
    if (wanted === null) return LAMP_MIND['next_action']!(blocks);
    const missing = wanted.find((note) => !linesOf(blocks, 'facts').includes(note));
    return act(missing === undefined ? 'done' : `(write ${missing.slice(6, -1)} "Good morning (or evening).")`);
  },
};

/** Lists the overdue invoices, then reminds each customer of an invoice that was listed, and notes it in the world. */
export const BILLING_MIND: PromptRunner = {
  ...agrees,
  meta_plan: (blocks) => {
    const noted =
      linesOf(blocks, 'goal')
        .join(' ')
        .match(/\(noted [^()]+\)/g) ?? [];
    const subgoals = [
      {
        title: 'List what is overdue',
        owner: null,
        after: [],
        achieves: '(listed)',
        steps: ['(list-overdue)', '(note-list)'],
      },
      { title: 'Remind every customer', owner: null, after: [1], achieves: `(and ${noted.join(' ')})`, steps: [] },
    ];
    return { thought: 'First the list.', subgoals, questions: [] };
  },
  next_action: (blocks) => {
    const listed = linesOf(blocks, 'results').find((line) => line.startsWith('(list-overdue) -> '));
    if (listed === undefined) return act('(list-overdue)');
    const facts = linesOf(blocks, 'facts');
    if (!facts.includes('(listed)')) return act('(note-list)');
    const ids = [...listed.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id!);
    const open = ids.find((id) => !facts.includes(`(noted ${id})`));
    if (open === undefined) return act('done');
    const isSent = linesOf(blocks, 'done').some((line) => line.startsWith(`(send-reminder ${open}) -> ok`));
    return act(isSent ? `(note ${open})` : `(send-reminder ${open})`);
  },
};
