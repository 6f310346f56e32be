import { addCosts, NO_COST, type Cost, type NodeSpec, type ServedModel } from '@praxis/core';
import type { CallMeter } from '../client/node-client.js';

interface Try {
  readonly price: ServedModel['price'];
  readonly meter: CallMeter;
}

/** What a number of tokens costs at a price per million; nothing where there is no price. */
export function tokenCost(input: number, output: number, price: ServedModel['price']): Cost {
  const money = price === null ? 0 : (input * price.input + output * price.output) / 1_000_000;
  return { ...NO_COST, calls: 1, tokens: input + output, money };
}

/** The price of a model on a node, as its owner says it. */
export const priceOf = (node: NodeSpec, model: string): ServedModel['price'] =>
  node.serves.find(({ name }) => name === model)?.price ?? null;

/**
 * All tries of a call, with what nodes worked on for each (models.3): answers, also useless ones, tries that failed,
 * and those that lost a race, which are counted as far as they had come. A node that was never reached worked on
 * nothing.
 */
export class Tries {
  readonly #tries: Try[] = [];

  /** A new try; whoever makes it keeps the meter up to date. */
  begin(node: NodeSpec, model: string): CallMeter {
    const meter = { input: 0, output: 0 };
    this.#tries.push({ price: priceOf(node, model), meter });
    return meter;
  }

  get count(): number {
    return this.#tries.length;
  }

  cost(): Cost {
    const worked = this.#tries.filter(({ meter }) => meter.input + meter.output > 0);
    return worked.reduce(
      (sum, { price, meter }) => addCosts(sum, tokenCost(meter.input, meter.output, price)),
      NO_COST,
    );
  }
}
