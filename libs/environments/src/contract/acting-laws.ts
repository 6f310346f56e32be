import {
  isStale,
  makeState,
  negate,
  stateDigest,
  type Action,
  type SkillManifest,
  type WorldSession,
} from '@praxis/core';
import { must, mustBeAtoms, mustEqual, mustFail, needs, offered, sorted, type Law, type Trial } from './law.js';
import { plainTypeOf } from './possible-actions.js';
import { chooseAction, doAction, mustChangeNothing, walk } from './walk.js';

/** How a session acts, looks and checks. */
export const ACTING_LAWS: readonly Law[] = [
  {
    law: 'environment.1 a key that was used before changes nothing and gives the recorded answer',
    async check(trial) {
      const session = await trial.open();
      const taken = await walk(trial, session, Math.min(4, trial.steps), 'k');
      const before = sorted(await session.observe());
      for (const { action, key, observation } of taken)
        mustEqual(await doAction(session, action, key), observation, `the answer to the key ${key}`);
      mustEqual(sorted(await session.observe()), before, 'the facts after asking again');
    },
  },
  {
    law: 'environment.2 observe, legal and check change nothing',
    async check(trial) {
      const session = await trial.open();
      const before = sorted(await session.observe());
      const { condition } = await session.briefing();
      const legal = await session.legal?.();
      await session.check(condition);
      if (legal) mustEqual(await session.legal?.(), legal, 'the legal actions the second time');
      mustEqual(sorted(await session.observe()), before, 'the facts the second time');
    },
  },
  {
    law: 'environment.4 the same seed and actions give the same observations',
    async check(trial) {
      const first = await trial.open();
      const taken = await walk(trial, first, trial.steps, 's');
      const second = await trial.open();
      for (const { action, key, observation } of taken)
        mustEqual(await doAction(second, action, key), observation, `the observation of ${action.skill} (${key})`);
    },
  },
  {
    law: 'environment.5 a refused action is an observation and changes no fact',
    async check(trial) {
      const session = await trial.open();
      const before = await session.observe();
      for (const [at, action] of badActions(await chooseBase(trial), trial.info.skills).entries()) {
        const key = `bad-${at}`;
        const observation = await doAction(session, action, key);
        await mustChangeNothing(session, before, { action, key, observation });
        must(
          !observation.result.ok && observation.result.code === 'invalid-args',
          `a call that cannot be meant must be refused with invalid-args (${JSON.stringify(action)})`,
        );
      }
    },
  },
  {
    law: 'actions that may be possible are done or refused, never thrown, and show the facts after them',
    async check(trial) {
      const session = await trial.open();
      for (let step = 0; step < trial.steps; step++) {
        const before = await session.observe();
        const action = await chooseAction(trial, session, step);
        const key = `w-${step}`;
        const observation = await doAction(session, action, key);
        if (!observation.result.ok) await mustChangeNothing(session, before, { action, key, observation });
        const after = await session.observe();
        mustBeAtoms(after);
        if (observation.state) mustEqual(sorted(observation.state), sorted(after), 'the facts that the action showed');
      }
    },
  },
  {
    law: 'environment.6 only a refusal can be stale: what is possible is done, on whatever state it was decided',
    async check(trial) {
      const [plain, late, timely] = [await trial.open(), await trial.open(), await trial.open()];
      for (let step = 0; step < trial.steps; step++) {
        const action = await chooseAction(trial, plain, step);
        const key = `w6-${step}`;
        const { facts, numbers } = await timely.observe();
        const wanted = await doAction(plain, action, key);
        mustEqual(
          (await doAction(timely, action, key, stateDigest(makeState(facts, numbers)))).result,
          wanted.result,
          `what comes of ${action.skill} where it was decided on the state as it is`,
        );
        const { result } = await doAction(late, action, key, NO_STATE);
        if (!isStale(result) || wanted.result.ok)
          mustEqual(result, wanted.result, `what comes of ${action.skill} where it was decided on another state`);
      }
      mustEqual(
        sorted(await late.observe()),
        sorted(await plain.observe()),
        'the facts after actions that were decided on other states',
      );
    },
  },
  {
    law: 'the facts that an action shows from before it are those that were true',
    async check(trial) {
      const session = await trial.open();
      await mustShowBefore(trial, session);
    },
  },
  {
    law: 'legal actions are calls of the skills that describe told, with the right arguments',
    async check(trial) {
      const session = await trial.open();
      offered(session.legal !== undefined, 'legal', 'the world cannot list its legal actions');
      offered(trial.info.skills.length > 0, 'skills', 'the skills depend on the problem');
      for (const { skill, args } of await session.legal()) {
        const manifest = trial.info.skills.find(({ name }) => name === skill);
        must(manifest !== undefined, `${skill} is no skill of this world`);
        mustEqual(
          Object.keys(args),
          manifest.parameters.map(({ name }) => name),
          `the arguments of ${skill}`,
        );
      }
    },
  },
  {
    law: 'environment.8 check knows facts, negations and conjunctions, and names what does not hold',
    async check(trial) {
      const session = await trial.open();
      if ((await session.observe()).facts.length === 0) await walk(trial, session, trial.steps, 'facts');
      const { facts } = await session.observe();
      const fact = facts[0];
      needs(fact !== undefined, 'no fact is true at the beginning, and none after a walk');
      const holds = async (condition: string, wanted: boolean): Promise<void> => {
        const verdict = await session.check(condition);
        mustEqual(verdict.holds, wanted, `whether ${condition} holds`);
        must(
          wanted === (verdict.problems.length === 0) && verdict.problems.every((problem) => problem !== ''),
          `the verdict on ${condition}, which ${wanted ? 'holds' : 'does not hold'}, has the problems ${JSON.stringify(verdict.problems)}`,
        );
      };
      await holds(fact, true);
      await holds(negate(fact), false);
      await holds(`(and ${facts.slice(0, 3).join(' ')})`, true);
      await holds(`(and ${fact} ${negate(facts.at(-1)!)})`, false);
      await holds('(and)', true);
    },
  },
  {
    law: 'a condition that cannot be read is invalid',
    check: async (trial) =>
      mustFail((await trial.open()).check('(and (no such'), 'invalid', 'check of a broken condition'),
  },
  {
    law: 'two agents can act in one session at once, and every action happens once',
    async check(trial) {
      const one = await trial.open();
      const two = await trial.world.resume(one.id);
      for (let round = 0; round < Math.min(4, trial.steps); round++) {
        const actions = [await chooseAction(trial, one, 2 * round), await chooseAction(trial, two, 2 * round + 1)];
        const keys = [`one-${round}`, `two-${round}`];
        const seen = await Promise.all([doAction(one, actions[0]!, keys[0]!), doAction(two, actions[1]!, keys[1]!)]);
        const now = sorted(await one.observe());
        must(
          seen.some(({ state }) => state === null || JSON.stringify(sorted(state).facts) === JSON.stringify(now.facts)),
          'neither action showed the facts that are true after both',
        );
        for (const [at, key] of keys.entries())
          mustEqual(await doAction(two, actions[at]!, key), seen[at], `the answer to the key ${key}`);
      }
    },
  },
];

/** The digest of no state. */
const NO_STATE = '0'.repeat(64);

async function mustShowBefore(trial: Trial, session: WorldSession): Promise<void> {
  for (let step = 0; step < trial.steps; step++) {
    const now = sorted(await session.observe());
    const { before } = await doAction(session, await chooseAction(trial, session, step), `before-${step}`);
    offered(before !== undefined, 'states before actions', 'the world does not say what was true before an action');
    mustEqual(sorted(before), now, 'the facts from before the action');
  }
}

async function chooseBase(trial: Trial): Promise<Action | null> {
  const session = await trial.open();
  const possible = await trial.possible(session);
  return possible.find(({ args }) => Object.keys(args).length > 0) ?? null;
}

/** Calls that no world can mean: a plain parameter takes any value of its type, an object must be there. */
function badActions(base: Action | null, skills: readonly SkillManifest[]): readonly Action[] {
  const unknown: Action = { skill: 'no-such-skill', args: {} };
  if (base === null) return [unknown];
  const { parameters = [] } = skills.find(({ name }) => name === base.skill) ?? {};
  const first = Object.keys(base.args)[0]!;
  const plain = plainTypeOf(parameters.find(({ name }) => name === first)?.type);
  const misfits = plain === null ? ['no-such-object', 7] : [plain.misfit];
  return [
    unknown,
    { skill: base.skill, args: {} },
    ...misfits.map((misfit) => ({ skill: base.skill, args: { ...base.args, [first]: misfit } })),
  ];
}
