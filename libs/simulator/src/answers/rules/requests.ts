import { linesOf, type Blocks } from './blocks.js';
import type { RuleAnswer } from './task.js';

/** Files that a request names as its outcome: `to report.md`, `write sums.csv`. */
const OUTCOME = /\b(?:to|into|as|write|save|called)\s+(?:the\s+file\s+)?([\w./-]+\.[a-z][a-z0-9]{0,4})\b/gi;

/**
 * A request as a goal: each file that it names as an outcome is there in the end; where it names none, the request
 * itself is what a judge is asked about.
 */
export function understandRequest(blocks: Blocks): RuleAnswer {
  const request = (blocks.get('request') ?? '').replaceAll(/\s+/g, ' ').trim();
  const empty = { thought: 'The request says it.', title: '', done: [], constraints: [], question: '' };
  if (request === '') return { ...empty, kind: 'ask', question: 'What is to be done?' };
  const files = [...new Set([...request.matchAll(OUTCOME)].map(([, file]) => file!))];
  const inputs = linesOf(blocks, 'inputs').join(' ');
  const made = files.filter((file) => !inputs.includes(`the file ${file} `));
  const done =
    made.length > 0
      ? made.map((file) => ({ what: `${file} is what was asked for`, file, contains: [] }))
      : [{ what: request, file: '', contains: [] }];
  return { ...empty, kind: 'goal', title: request.slice(0, 120), done };
}

/** A statement is shown where there is any evidence of something that was made. */
export function judgeStatement(blocks: Blocks): RuleAnswer {
  const evidence = linesOf(blocks, 'evidence').filter((line) => !/^(?:input |output answer: null)/.test(line));
  return evidence.length > 0
    ? { why: `There is evidence: ${evidence[0]!.slice(0, 80)}`, holds: 'yes' }
    : { why: 'There is no evidence.', holds: 'unclear' };
}
