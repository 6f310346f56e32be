import { canonical, type Json } from '@praxis/core';
import { parseDomain, parseProblem } from '@praxis/search';
import { must, mustEqual, mustFail, offered, sorted, type Law } from './law.js';
import { chooseAction, doAction } from './walk.js';

/** What a world must tell, and how its sessions are opened, found and closed. */
export const OPENING_LAWS: readonly Law[] = [
  {
    law: 'describe tells a name, a version, and skills and scenarios that differ in their names',
    async check({ info }) {
      must(info.name !== '' && info.version !== '', 'the name or the version is empty');
      mustDiffer(
        info.skills.map((skill) => skill.name),
        'skill',
      );
      for (const skill of info.skills)
        mustDiffer(
          skill.parameters.map(({ name }) => name),
          `parameter of ${skill.name}`,
        );
      mustDiffer(
        info.scenarios.map((scenario) => scenario.name),
        'scenario',
      );
      for (const { name, condition } of info.scenarios) must(condition !== '', `the scenario ${name} has no condition`);
    },
  },
  {
    law: 'every scenario opens, and its briefing has the condition that describe told',
    async check({ info, world, seed, freshId }) {
      offered(info.scenarios.length > 0, 'scenarios', 'the world has no scenarios');
      for (const { name, condition } of info.scenarios) {
        const session = await world.open({ scenario: name, problem: null, seed, sessionId: freshId() });
        mustEqual((await session.briefing()).condition, condition, `the condition of ${name}`);
        await session.check(condition);
        await session.close();
      }
    },
  },
  {
    law: 'environment.7 sessions have exactly the parts that describe offers',
    async check({ info: { offers }, ...trial }) {
      const opened = await trial.open();
      must(offers.snapshots || !offers.clones, 'it offers clones without the snapshots that they are made of');
      for (const session of [opened, await trial.world.resume(opened.id)]) {
        const has = {
          legal: session.legal !== undefined,
          snapshots: session.snapshots !== undefined,
          clones: session.snapshots?.clone !== undefined,
        };
        mustEqual(has, { ...offers }, 'the parts of a session and those that describe offers');
      }
      // A part that is there answers.
      await opened.legal?.();
      const snapshot = await opened.snapshots?.take();
      if (snapshot !== undefined) await (await opened.snapshots?.clone?.(snapshot, trial.seed))?.close();
    },
  },
  {
    law: 'the briefing has a condition',
    async check(trial) {
      must((await (await trial.open()).briefing()).condition !== '', 'the condition is empty');
    },
  },
  {
    law: 'the rules can be read: their PDDL is sound, the agents are objects, and the actions are the skills that describe told',
    async check(trial) {
      const session = await trial.open();
      const { rules, agents } = await session.briefing();
      offered(rules !== null, 'rules', 'the world tells no rules');
      const domain = parseDomain(rules.domain);
      const problem = parseProblem(rules.problem, domain);
      const stranger = agents.find((agent) => !problem.objects.some(({ name }) => name === agent));
      must(stranger === undefined, `the agent ${stranger} is no object of the problem`);
      const { skills } = trial.info;
      if (skills.length > 0)
        mustEqual(
          domain.actions.map(({ name }) => name).sort(),
          skills.map(({ name }) => name).sort(),
          'the actions of the domain and the skills',
        );
    },
  },
  {
    law: 'opening twice with one id gives the same session',
    async check(trial) {
      const first = await trial.open();
      await doAction(first, await chooseAction(trial, first, 0), 'once');
      const second = await trial.open(first.id);
      mustEqual(second.id, first.id, 'the id');
      mustEqual(sorted(await second.observe()), sorted(await first.observe()), 'what the second one sees');
    },
  },
  {
    law: 'resume finds an open session',
    async check(trial) {
      const session = await trial.open();
      const again = await trial.world.resume(session.id);
      mustEqual(sorted(await again.observe()), sorted(await session.observe()), 'what the resumed one sees');
    },
  },
  {
    law: 'a closed session is missing, and closing it again is no error',
    async check(trial) {
      const session = await trial.open();
      await session.close();
      await mustFail(session.observe(), 'missing', 'observe after close');
      await mustFail(trial.world.resume(session.id), 'missing', 'resume after close');
      await session.close();
    },
  },
  {
    law: 'an unknown session is missing',
    check: (trial) =>
      mustFail(trial.world.resume(trial.freshId()), 'missing', 'resume of a session that was never opened'),
  },
  {
    law: 'an unknown scenario is missing or invalid',
    async check({ world, seed, freshId }) {
      const call = (): Promise<unknown> =>
        world.open({ scenario: 'no-such-scenario', problem: null, seed, sessionId: freshId() });
      await mustFail(call(), 'missing', 'open with an unknown scenario').catch(() =>
        mustFail(call(), 'invalid', 'open with an unknown scenario'),
      );
    },
  },
];

function mustDiffer(names: readonly string[], what: string): void {
  must(new Set(names).size === names.length, `a ${what} stands twice in ${canonical(names as Json)}`);
  must(!names.includes(''), `a ${what} has no name`);
}
