import { PraxisError, type Cost, type ModelReply, type NodeView } from '@praxis/core';
import { NodeTrouble } from '../node-trouble.js';

/** Why a model was given up: its nodes said no to the request itself, or none of them could be asked. */
export interface GivenUp {
  readonly model: string;
  readonly why: NodeTrouble | PraxisError;
}

/**
 * Why the next model is tried after what was thrown; what ends the whole call is thrown again, with what had been
 * spent.
 */
export function passOver(model: string, thrown: unknown, signal: AbortSignal, spent: Cost): GivenUp {
  if (signal.aborted)
    throw new PraxisError('cancelled', 'The call of the model was cancelled.', {
      cause: thrown,
      details: spentDetails(spent),
    });
  if (thrown instanceof NodeTrouble) return { model, why: thrown };
  if (!(thrown instanceof PraxisError)) throw thrown;
  if (thrown.code === 'unavailable') return { model, why: thrown };
  throw thrown.code === 'timeout'
    ? new PraxisError('timeout', thrown.message, { cause: thrown, details: spentDetails(spent) })
    : thrown;
}

/**
 * What a call comes to that no model of its chain could do: a problem where trying again would change nothing, else
 * `unavailable`. `views`: the nodes, of which those that say what is wrong with them are named where no model is known.
 */
export function giveUp(
  givenUp: readonly GivenUp[],
  reply: Pick<ModelReply, 'cost' | 'choices'>,
  views: readonly NodeView[],
): ModelReply {
  const last = givenUp.at(-1);
  if (last !== undefined && givenUp.every(({ why }) => why instanceof NodeTrouble)) {
    return {
      ...reply,
      answer: null,
      problem: last.why.message,
      model: last.model,
      node: reply.choices.at(-1)?.picked ?? '',
    };
  }
  const why =
    last === undefined
      ? ['no node says that it serves a chat model', ...troublesOf(views)].join('; ')
      : givenUp.map(({ model, why }) => `${model}: ${withoutHint(why.message)}`).join('; ');
  throw new PraxisError(
    'unavailable',
    `No model could be asked (${why}). See \`praxis nodes\`; the call is tried again later.`,
    { details: spentDetails(reply.cost) },
  );
}

/** The hint stands once, at the end of the whole. */
const withoutHint = (message: string): string => message.replaceAll(' See `praxis nodes`.', '').replace(/\.$/, '');

const troublesOf = (views: readonly NodeView[]): readonly string[] =>
  views.flatMap(({ spec, load }) => (load === null || load.note === '' ? [] : [`${spec.name}: ${load.note}`]));

/** What was spent on a call that fails, for whoever keeps the budget: a failure has no reply to say it in. */
const spentDetails = ({ calls, tokens, money }: Cost): Record<string, number> => ({ calls, tokens, money });
