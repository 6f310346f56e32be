import { PraxisError, type ChatMessage } from '@praxis/core';
import { lastUserText } from '../answer-maker.js';
import { linesOf, termsOf, withoutBlocks, type Blocks } from './blocks.js';
import type { BlockTask, RuleAnswer } from './task.js';

/** Words that say nothing about which situation is meant. */
const EMPTY_WORDS = new Set(
  'a an the and or for of on in at to with all it is are be please i we you my our make get put let must should want'.split(
    ' ',
  ),
);
/** A scenario is taken for what is meant where it shares at least this part of the request's words. */
const SHARED = 0.5;

/**
 * The goal as a condition: what is PDDL already is given back, and what reads like one of the scenarios gets that one's
 * goal. Otherwise the person is asked: nothing is guessed.
 */
export function formaliseGoal(task: BlockTask, blocks: Blocks, messages: readonly ChatMessage[]): RuleAnswer {
  // What a person answered to an earlier question is newer than what was asked for.
  const answered = linesOf(blocks, 'answers').at(-1)?.split(' -> ').at(-1)?.trim();
  const said =
    answered ?? (blocks.get('request') ?? blocks.get('goal') ?? withoutBlocks(lastUserText(messages))).trim();
  if (said.startsWith('(')) return fromPddl(task, said);
  const scenario = nearestScenario(said, linesOf(blocks, 'scenarios'));
  if (scenario !== null) return fromPddl(task, scenario);
  const known = task.model.domain.predicates.map((p) => p.name).join(', ');
  return ask(
    `What exactly must hold in the end? Write it as a condition over ${known}, such as (and …), or name one of the scenarios.`,
  );
}

/** The answer that asks back; `questions` is for releases that ask for several. */
export function ask(question: string): RuleAnswer {
  return {
    thought: 'The request can be understood in more than one way.',
    kind: 'ask',
    condition: '',
    constraints: [],
    question,
    questions: [question],
  };
}

function fromPddl(task: BlockTask, condition: string): RuleAnswer {
  try {
    task.model.condition(condition);
    return { thought: 'The request says it.', kind: 'goal', condition, constraints: [], question: '', questions: [] };
  } catch (thrown) {
    if (thrown instanceof PraxisError && thrown.code === 'invalid')
      return ask(`The goal cannot be read: ${thrown.message}. How should it be?`);
    throw thrown;
  }
}

/**
 * The goal of the scenario whose line shares the most words with what was said; a line holds a text and a condition.
 */
function nearestScenario(said: string, lines: readonly string[]): string | null {
  const wanted = wordsOf(said);
  let best: { readonly condition: string; readonly share: number } | null = null;
  for (const line of lines) {
    const condition = termsOf(line).at(-1);
    if (condition === undefined) continue;
    const words = wordsOf(line.slice(0, line.indexOf('(')));
    const share = [...wanted].filter((w) => words.has(w)).length / Math.max(1, wanted.size);
    if (share >= SHARED && share > (best?.share ?? 0)) best = { condition, share };
  }
  return best?.condition ?? null;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((w) => !EMPTY_WORDS.has(w)));
}
