import { actionText, clipText, costText, parseSubgoalId, type NodeChoice, type RunId } from '@praxis/core';
import type {
  BoundedText,
  ExplainedDecision,
  ExplainedRecord,
  ExplainedSample,
  ExplainedThought,
  Explanation,
} from '@praxis/wire';
import { count, duration, visible } from './words.js';
import { wrap } from './wrap.js';

/** How an explanation is shown. */
export interface WhyView {
  readonly run: RunId;
  /** Show conversations and answers whole. */
  readonly isWhole: boolean;
  readonly width: number;
}

/** A line before it is broken: where it goes on below itself; null: it is never broken. */
interface Row {
  readonly text: string;
  readonly hang: number | null;
}

/** Longest answer that is shown where the whole is not asked for, in characters. */
const LONGEST = 600;
/** Width of the names of facts. */
const NAME = 11;

const EMPTY: Row = { text: '', hang: 0 };

/** Why something was decided, as text. */
export function whyLines({ decision, planning, thoughts }: Explanation, view: WhyView): readonly string[] {
  const rows = [
    ...(decision === null ? [] : decisionRows(decision, view)),
    ...(planning === null
      ? []
      : [
          fact('plan', String(planning.version)),
          fact(
            'ended',
            planning.outcome === null
              ? 'not yet'
              : `${planning.outcome}${planning.reason === '' ? '' : `: ${planning.reason}`}`,
          ),
        ]),
    ...(thoughts.length === 0
      ? [
          EMPTY,
          { text: decision === null ? 'Nothing has been thought yet.' : 'Nothing was thought before it.', hang: 0 },
        ]
      : thoughts.flatMap((thought) => [EMPTY, ...thoughtRows(thought, view)])),
  ];
  return rows.flatMap(({ text, hang }) => (hang === null ? [text] : wrap(text, view.width, hang)));
}

function decisionRows(
  { number, subgoal, step, action, why, origin, taint, answer }: ExplainedDecision,
  view: WhyView,
): readonly Row[] {
  return [
    fact(`step ${number}`, actionText(action)),
    fact('in', `${subgoal}, its step ${step}`),
    fact('chosen by', originText(origin, subgoal, view.run)),
    ...(why === '' ? [] : [fact('because', why)]),
    ...(taint.length === 0 ? [] : [fact('taint', taint.join(', '))]),
    ...(answer === undefined
      ? []
      : [fact('answered', `by ${answer.source}`), ...textRows({ text: answer.text, leftOut: 0 }, NAME, view.isWhole)]),
  ];
}

function originText(origin: string, subgoal: string, run: RunId): string {
  if (origin === 'search') return 'search; no model was asked for it';
  const version = parseSubgoalId(subgoal)?.node.split('.')[0];
  return origin === 'suggested'
    ? `the plan, which suggested it; see \`praxis why ${run} --plan${version === undefined ? '' : ` ${version}`}\``
    : origin;
}

const fact = (name: string, value: string): Row => ({ text: visible(`${name.padEnd(NAME)}${value}`), hang: NAME });

/** A line that goes on a little further in than it begins. */
const at = (indent: number, text: string): Row => ({ text: visible(`${' '.repeat(indent)}${text}`), hang: indent + 2 });

function thoughtRows(thought: ExplainedThought, view: WhyView): readonly Row[] {
  const { results, note, record, gone } = thought;
  return [
    at(0, headOf(thought)),
    ...results.map((line) => at(2, line)),
    ...(note === '' ? [] : [at(2, `note: ${note}`)]),
    ...(gone === '' ? [] : [at(2, gone)]),
    ...(record === null ? [] : recordRows(record, view)),
  ];
}

function headOf(thought: ExplainedThought): string {
  const { id, kind, by, isEarlier, tookMs, spent, record, gone } = thought;
  const who = by === '' ? '' : `${by} `;
  const price = spent === null ? '' : ` for ${costText(spent)}`;
  const model = kind === 'propose' && record === null && gone === '' ? '; no model was asked' : '';
  return `${id}  ${who}${did(thought)}${isEarlier ? ' (for an earlier step)' : ''}, in ${time(tookMs)}${price}${model}`;
}

/**
 * What models did for the run itself, by the ids of these thoughts; their results are no candidates and no problems.
 */
const RUN_THOUGHTS: Readonly<Record<string, string>> = {
  request: 'read the request',
  constraints: 'judged the constraints of the request',
};

function did({ id, kind, about, results: { length } }: ExplainedThought): string {
  if (RUN_THOUGHTS[id] !== undefined) return RUN_THOUGHTS[id];
  switch (kind) {
    case 'propose':
      return `proposed ${length === 0 ? 'nothing' : count(length, 'candidate')}`;
    case 'evaluate':
      return `scored ${count(length, 'candidate')}`;
    case 'verify':
      return `checked${about === '' ? '' : ` ${about}`}: ${length === 0 ? 'nothing is wrong' : count(length, 'problem')}`;
  }
}

function recordRows(
  { role, prompt, leftOut, offered, samples, messages }: ExplainedRecord,
  view: WhyView,
): readonly Row[] {
  const missing = Object.entries(leftOut)
    .filter(([, lines]) => lines > 0)
    .map(([hole, lines]) => `${count(lines, 'line')} of ${hole}`);
  return [
    at(
      2,
      `prompt ${prompt.name} (${prompt.sha256.slice(0, 12)}), to the model of the ${role}${missing.length === 0 ? '' : `; ${missing.join(', ')} did not fit`}`,
    ),
    ...(offered.length === 0 ? [] : [at(2, `could choose ${offered.join(', ')}`)]),
    ...messages.flatMap((message) => [at(2, `${message.role}:`), ...textRows(message.content, 4, true)]),
    ...samples.flatMap((sample, i) => sampleRows(sample, samples.length === 1 ? '' : ` ${i + 1}`, view)),
  ];
}

function sampleRows(
  { answer, problem, model, node, choices }: ExplainedSample,
  nth: string,
  { isWhole }: WhyView,
): readonly Row[] {
  const from = `${model === '' ? 'no model' : model}${node === '' ? '' : ` on ${node}`}`;
  const told = answer === null ? [at(4, `of no use: ${problem}`)] : textRows(answer.text, 4, isWhole);
  const aloud =
    answer === null || answer.reasoning.text === ''
      ? []
      : [at(4, 'thought aloud:'), ...textRows(answer.reasoning, 6, isWhole)];
  return [
    at(2, `answer${nth} of ${from}${answer === null ? '' : `: ${usageText(answer)}`}`),
    ...told,
    ...aloud,
    ...choices.flatMap(choiceRows),
  ];
}

function usageText({
  usage: { input, cached, output, reasoning },
  finish,
}: NonNullable<ExplainedSample['answer']>): string {
  const thought = reasoning > 0 ? ` (${reasoning} of them reasoning)` : '';
  return `${count(input, 'token')} in (${cached} cached), ${output} out${thought}${finish === 'stop' ? '' : `, ended by ${finish}`}`;
}

/** A text on lines of its own: whole and as it stands, or its beginning as one paragraph. */
function textRows({ text, leftOut }: BoundedText, indent: number, isWhole: boolean): readonly Row[] {
  const paragraph = text.replaceAll(/\s+/g, ' ').trim();
  const beginning = clipText(paragraph, LONGEST);
  const more = leftOut + (isWhole ? 0 : paragraph.length - beginning.length);
  const shown = isWhole
    ? text.split('\n').map((line): Row => ({ text: `${' '.repeat(indent)}${visible(line)}`.trimEnd(), hang: null }))
    : [{ text: `${' '.repeat(indent)}${visible(beginning)}`, hang: indent }];
  return [
    ...shown,
    ...(more === 0 ? [] : [at(indent, `(${count(more, 'more character')}${isWhole ? '' : '; --prompt shows all'})`)]),
  ];
}

/** Why a try went to its node: every node that was considered, best first. */
function choiceRows({ attempt, hedge, picked, waitedMs, considered, outcome, model }: NodeChoice): readonly Row[] {
  const sent = picked === null ? `no node: ${outcome}` : `${picked}${outcome === 'ok' ? ' answered' : `: ${outcome}`}`;
  const width = Math.max(4, ...considered.map(({ node }) => node.length));
  const rows = considered
    .toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity))
    .map(({ node, score, parts, ruledOut }): Row => {
      const why =
        ruledOut === null
          ? Object.entries(parts)
              .map(([part, value]) => `${part} ${rounded(value)}`)
              .join(', ')
          : `ruled out: ${ruledOut}`;
      const name = `      ${node === picked ? '✓' : '·'} ${node.padEnd(width)}  ${(score === null ? '–' : rounded(score)).padStart(6)}  `;
      return { text: visible(`${name}${why}`), hang: Math.min(name.length, 30) };
    });
  return [
    at(
      4,
      `try ${attempt}${hedge ? ', besides one that was slow to begin' : ''}, for ${model}: ${sent}${waitedMs >= 1 ? `, after ${time(waitedMs)} in the queue` : ''}`,
    ),
    ...rows,
  ];
}

const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);

const time = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : duration(ms));
