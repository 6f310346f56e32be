import type { WorldState } from '@praxis/core';
import { parseDomain, parseProblem, sharedEvaluator } from '@praxis/search';
import { briefingOf, type Rules } from './rules.js';
import { firstMoment } from './transition.js';
import { shippedWorld } from './world-kind.js';

const asking = { evaluator: sharedEvaluator, control: {} };
const agentsOf = async (rules: Rules): Promise<number> => (await briefingOf(rules, asking)).agents.length;

const counts = (words: readonly string[]): Readonly<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const word of [...words].sort()) found[word] = (found[word] ?? 0) + 1;
  return found;
};
const predicates = ({ facts }: Pick<WorldState, 'facts'>): Readonly<Record<string, number>> =>
  counts(facts.map((fact) => fact.slice(1).split(/[ )]/)[0]!));

describe.each(['household', 'warehouse'])('the shipped world %s', (name) => {
  const kind = shippedWorld(name);
  const names = kind.scenarios.map((scenario) => scenario.name);

  it('has every scenario in two versions that are alike but for names and places, so that one can be learned on and the other tried', async () => {
    expect(names).toHaveLength(8);
    for (const a of names.filter((scenario) => scenario.endsWith('-a'))) {
      const likeness = async (scenario: string) => {
        const rules = kind.rules(scenario, null);
        const { condition } = await briefingOf(rules, asking);
        const problem = parseProblem(rules.believed.problem, parseDomain(rules.believed.domain));
        const goal = { facts: condition.match(/\([^()]+\)/g)! };
        const { state } = await firstMoment(rules, asking);
        return {
          types: counts(problem.objects.flatMap(({ types }) => types)),
          start: predicates(state),
          goal: predicates(goal),
          agents: await agentsOf(rules),
        };
      };
      const [one, other] = [await likeness(a), await likeness(a.replace(/-a$/, '-b'))];
      expect(other).toEqual(one);
    }
  });

  it('has scenarios for two agents in each set', async () => {
    for (const set of ['-a', '-b']) {
      const agents = await Promise.all(
        names.filter((scenario) => scenario.endsWith(set)).map((scenario) => agentsOf(kind.rules(scenario, null))),
      );
      expect(agents.filter((count) => count === 2)).toHaveLength(2);
    }
  });

  it('hides only preconditions whose literal agents can see and bring about', () => {
    const domain = parseDomain(kind.rules(names[0]!, null).believed.domain);
    const effects = JSON.stringify(domain.actions.map(({ effect }) => effect));
    for (const hidden of { household: ['open', 'plugged', 'dry'], warehouse: ['charged', 'scanned', 'raised'] }[name]!)
      expect(effects).toContain(`{"kind":"add","predicate":"${hidden}"`);
  });
});
