import type { Action, Json, SkillManifest, WorldSession } from '@praxis/core';
import { must, mustBeAtoms, mustEqual, needs, offered, sorted, type Law, type Trial } from './law.js';
import { plainTypeOf, type PlainType } from './possible-actions.js';
import { doAction, mustChangeNothing } from './walk.js';

/** Most skills whose plain arguments are tried. */
const MOST_SKILLS = 5;

/** How a world takes arguments that are plain texts and numbers, and no objects of its own. */
export const ARGUMENT_LAWS: readonly Law[] = [
  {
    law: 'plain texts and numbers are done or refused whatever they are, and leave facts that can be read and checked',
    async check(trial) {
      for (const { base, name, type } of await plainPlaces(trial)) {
        const session = await trial.open();
        for (const [at, value] of type.values.entries())
          await tryArgument(session, withArgument(base, name, value), `plain-${name}-${at}`);
      }
    },
  },
  {
    law: 'an argument of another type than its parameter is refused and changes no fact',
    async check(trial) {
      for (const { base, name, type } of await plainPlaces(trial)) {
        const session = await trial.open();
        const before = await session.observe();
        for (const [at, value] of [type.misfit, null, ['a', 'list']].entries()) {
          const action = withArgument(base, name, value);
          const key = `misfit-${name}-${at}`;
          const observation = await doAction(session, action, key);
          await mustChangeNothing(session, before, { action, key, observation });
          must(
            !observation.result.ok && observation.result.code === 'invalid-args',
            `${name} of ${base.skill} must be refused with invalid-args where it is ${JSON.stringify(value)}`,
          );
        }
      }
    },
  },
];

/** A parameter that takes plain values, in a call whose other arguments may be possible. */
interface PlainPlace {
  readonly base: Action;
  readonly name: string;
  readonly type: PlainType;
}

async function plainPlaces(trial: Trial): Promise<readonly PlainPlace[]> {
  const skills = trial.info.skills.filter((skill) => plainParametersOf(skill).length > 0);
  offered(skills.length > 0, 'plain arguments', 'no skill takes a plain text or number');
  const possible = [...(await trial.possible(await trial.open())), ...trial.actions];
  const places = skills.slice(0, MOST_SKILLS).flatMap((skill) => {
    const base = possible.find((action) => action.skill === skill.name);
    return base ? plainParametersOf(skill).map((place) => ({ base, ...place })) : [];
  });
  needs(places.length > 0, 'no call is known whose plain arguments could be changed; give one with --actions');
  return places;
}

function plainParametersOf({ parameters }: SkillManifest): readonly Omit<PlainPlace, 'base'>[] {
  return parameters.flatMap(({ name, type: told }) => {
    const type = plainTypeOf(told);
    return type === null ? [] : [{ name, type }];
  });
}

const withArgument = (base: Action, name: string, value: Json): Action => ({
  skill: base.skill,
  args: { ...base.args, [name]: value },
});

async function tryArgument(session: WorldSession, action: Action, key: string): Promise<void> {
  const before = await session.observe();
  const observation = await doAction(session, action, key);
  if (!observation.result.ok) await mustChangeNothing(session, before, { action, key, observation });
  mustEqual(await doAction(session, action, key), observation, `the answer to the key ${key}`);
  const after = await session.observe();
  mustBeAtoms(after);
  if (observation.state) mustEqual(sorted(observation.state), sorted(after), 'the facts that the action showed');
  for (const fact of after.facts.filter((f) => !before.facts.includes(f))) {
    const { holds, problems } = await session.check(fact);
    must(holds, `${fact} is shown as a fact, and check says: ${problems.join('; ')}`);
  }
}
