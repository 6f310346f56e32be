import { answerSchema, questionSchema, type Answer, type Question } from '@praxis/core';
import type { OpenQuestion, QuestionFilter } from '../service-apis.js';
import * as pb from '../gen/praxis/v1/question.js';
import { EffectClass } from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { fromAction, fromArguments, toAction, toArguments } from './action.js';
import { need, parse, parseJson } from './parse.js';
import { effectCodec, questionCodec, verdictCodec } from './enum-codecs.js';

/** A question for the wire. */
export function toQuestion({
  kind,
  action,
  effect,
  key,
  fingerprint,
  needs,
  expiresAt,
  ...question
}: Question): pb.Question {
  return {
    ...question,
    kind: questionCodec.to(kind),
    action: action === null ? undefined : toAction(action),
    effect: effect === null ? EffectClass.UNSPECIFIED : effectCodec.to(effect),
    needs: needs ?? undefined,
    ...present({ key, fingerprint, expiresAtMs: expiresAt }),
  };
}

/** A question from the wire. */
export function fromQuestion({ kind, action, effect, expiresAtMs, ...message }: pb.Question): Question {
  return parse('question', questionSchema, {
    ...message,
    kind: questionCodec.from('question.kind', kind),
    action: action ? fromAction(action) : null,
    effect: effect === EffectClass.UNSPECIFIED ? null : effectCodec.from('question.effect', effect),
    needs: message.needs ?? null,
    expiresAt: expiresAtMs ?? null,
  });
}

/** An answer for the wire. */
export function toAnswer({ verdict, by, reason, args, grant, value }: Answer): pb.Answer {
  return {
    verdict: verdictCodec.to(verdict),
    by,
    reason,
    args: args === null ? undefined : { args: toArguments(args) },
    grant: grant ?? undefined,
    valueJson: value === null ? '' : JSON.stringify(value),
  };
}

/** An answer from the wire. */
export function fromAnswer({ verdict, by, reason, args, grant, valueJson }: pb.Answer): Answer {
  return parse('answer', answerSchema, {
    verdict: verdictCodec.from('answer.verdict', verdict),
    by,
    reason,
    args: args ? fromArguments('answer.args', args.args) : null,
    grant: grant ?? null,
    value: valueJson === '' ? null : parseJson('answer.value', valueJson),
  });
}

/** A question that waits, for the wire. */
export function toOpenQuestion({ run, subgoal, question, askedAt, ...open }: OpenQuestion): pb.OpenQuestion {
  return {
    ...open,
    runId: run,
    question: toQuestion(question),
    askedAtMs: askedAt,
    ...present({ subgoalId: subgoal }),
  };
}

/** A question that waits, from the wire. */
export function fromOpenQuestion({ runId, subgoalId, question, askedAtMs, ...message }: pb.OpenQuestion): OpenQuestion {
  return {
    ...message,
    run: runId,
    subgoal: subgoalId ?? null,
    question: fromQuestion(need('question', question)),
    askedAt: askedAtMs,
  };
}

/** Which questions to list, for the wire. */
export function toQuestionFilter({ run, kind }: QuestionFilter): pb.QuestionFilter {
  return { kind: kind === null ? pb.QuestionKind.UNSPECIFIED : questionCodec.to(kind), ...present({ runId: run }) };
}

/** Which questions to list, from the wire. */
export function fromQuestionFilter(message: pb.QuestionFilter | undefined): QuestionFilter {
  const kind = message?.kind ?? pb.QuestionKind.UNSPECIFIED;
  return {
    run: message?.runId ?? null,
    kind: kind === pb.QuestionKind.UNSPECIFIED ? null : questionCodec.from('filter.kind', kind),
  };
}
