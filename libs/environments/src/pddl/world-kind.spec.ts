import type { WorldState } from '@praxis/core';
import { shippedWorld } from './world-kind.js';

const counts = (words: readonly string[]): Readonly<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const word of [...words].sort()) found[word] = (found[word] ?? 0) + 1;
  return found;
};
const predicates = ({ facts }: Pick<WorldState, 'facts'>): Readonly<Record<string, number>> => counts(facts.map((fact) => fact.slice(1).split(/[ )]/)[0]!));

describe.each(['household', 'warehouse'])('the shipped world %s', (name) => {
  const kind = shippedWorld(name);
  const names = kind.scenarios.map((scenario) => scenario.name);

  it('has every scenario in two versions that are alike but for names and places, so that one can be learned on and the other tried', () => {
    expect(names).toHaveLength(8);
    for (const a of names.filter((scenario) => scenario.endsWith('-a'))) {
      const [one, other] = [a, a.replace(/-a$/, '-b')].map((scenario) => {
        const { problem, truth, briefing } = kind.rules(scenario, null);
        const goal = { facts: briefing.condition.match(/\([^()]+\)/g)! };
        return { types: counts(problem.objects.flatMap(({ types }) => types)), start: predicates(truth.initial()), goal: predicates(goal), agents: briefing.agents.length };
      });
      expect(other).toEqual(one);
    }
  });

  it('has scenarios for two agents in each set', () => {
    for (const set of ['-a', '-b']) {
      expect(names.filter((scenario) => scenario.endsWith(set) && kind.rules(scenario, null).briefing.agents.length === 2)).toHaveLength(2);
    }
  });

  it('hides only preconditions whose literal agents can see and bring about', () => {
    const { domain } = kind.rules(names[0]!, null);
    const effects = JSON.stringify(domain.actions.map(({ effect }) => effect));
    for (const hidden of { household: ['open', 'plugged', 'dry'], warehouse: ['charged', 'scanned', 'raised'] }[name]!) expect(effects).toContain(`{"kind":"add","predicate":"${hidden}"`);
  });
});
