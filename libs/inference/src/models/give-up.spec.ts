import { NO_COST, PraxisError } from '@praxis/core';
import { giveUp } from './give-up.js';

describe('giveUp', () => {
  it('gives the hint once, at the end, however many models were asked', () => {
    const of = (model: string) => ({
      model,
      why: new PraxisError(
        'unavailable',
        `No inference node can answer a call of ${model}. gpu1: is draining. See \`praxis nodes\`.`,
      ),
    });
    expect(() => giveUp([of('big'), of('small')], { cost: NO_COST, choices: [] }, [])).toThrow(
      'No model could be asked (big: No inference node can answer a call of big. gpu1: is draining; small: No inference node can answer a call of small. gpu1: is draining). See `praxis nodes`; the call is tried again later.',
    );
  });
});
