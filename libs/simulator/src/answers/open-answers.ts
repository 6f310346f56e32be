import { readFileSync } from 'node:fs';
import { PraxisError } from '@praxis/core';
import { PlanPool } from '@praxis/search';
import type { AnswerMaker } from './answer-maker.js';
import { PlainMaker } from './plain-maker.js';
import { RuleMaker } from './rules/rule-maker.js';
import { parseScript, ScriptedMaker } from './scripted-maker.js';
import { parseRules, RuleScript } from './skills/rule-script.js';
import { SkillMaker } from './skills/skill-maker.js';
import { WeakMaker } from './weak/weak-maker.js';
import { spoilsAnswers, type Weaknesses } from './weak/weakness.js';

/** Where a node's answers come from. */
export interface AnswersChoice {
  /** `rules`, `echo`, `lorem`, `lorem:WORDS`, or a file with a script of answers. */
  readonly from: string;
  readonly seed: string;
  readonly noise?: number;
  /** Threads that search for rule-made answers. */
  readonly workers?: number;
  /** A file with a script of rules that come before the other answers. */
  readonly script?: string;
  /** What a weak model gets wrong; nothing where it is left out. */
  readonly weaknesses?: Weaknesses;
}

/** Makes the maker that was asked for; close it when its node has stopped. */
export function openAnswers(choice: AnswersChoice): AnswerMaker {
  const { script, weaknesses, seed } = choice;
  // A script that cannot be read is told before any thread is started.
  const rules = script === undefined ? null : parseRules(readScript(script, 'script', 'a file of rules'), script);
  const answers = openMaker(choice);
  const ruled = rules === null ? answers : new RuleScript(rules, answers);
  return weaknesses === undefined || !spoilsAnswers(weaknesses) ? ruled : new WeakMaker(ruled, { weaknesses, seed });
}

function openMaker({ from, seed, noise = 0, workers = 1 }: AnswersChoice): AnswerMaker {
  if (from === 'rules') return openRules({ seed, noise, workers });
  if (noise > 0)
    throw new PraxisError('invalid', 'Noise makes rule-made answers wrong; leave it out, or take the answers `rules`.');
  const lorem = /^lorem(?::([1-9]\d{0,6}))?$/.exec(from);
  if (lorem) return new PlainMaker({ text: lorem[1] === undefined ? 'lorem' : { words: Number(lorem[1]) }, seed });
  if (from === 'echo') return new PlainMaker({ text: 'echo', seed });
  return new ScriptedMaker(
    parseScript(readScript(from, 'answers', 'rules, echo, lorem, or a file with a script of answers'), from),
  );
}

function openRules({
  seed,
  noise,
  workers,
}: {
  readonly seed: string;
  readonly noise: number;
  readonly workers: number;
}): AnswerMaker {
  const pool = new PlanPool({ workers });
  const maker = new RuleMaker({
    think: (request, signal) => pool.plan(request, { signal }),
    otherwise: new SkillMaker(new PlainMaker({ text: 'lorem', seed }), seed),
    seed,
    noise,
  });
  return {
    answer: (request, signal) => maker.answer(request, signal),
    close: async () => {
      await maker.close();
      await pool.close();
    },
  };
}

function readScript(file: string, what: string, instead: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(thrown);
    throw new PraxisError('invalid', `The ${what} cannot be read from "${file}": ${why}. Give ${instead}.`, {
      cause: thrown,
    });
  }
}
