import { actionNames } from '@praxis/actions';
import {
  applyChange,
  artifactsIn,
  idempotencyKey,
  isNoChange,
  makeSubgoalId,
  planningStream,
  runStream,
  stepEvents,
  subgoalStream,
  type Goal,
  type RecordedRun,
  type SkillManifest,
  type StoredEvent,
  type SubgoalId,
} from '@praxis/core';
import type { RecordedAct, RecordedLook, WorldRecord } from '@praxis/environments';
import type { AnsweredEffect, HistoryReplayed } from '@praxis/strategy';

/** Everything that a run's history says of its world, in the words of a world's replay. */
export function worldRecordOf(
  recorded: RecordedRun,
  replayed: HistoryReplayed,
  skills: readonly SkillManifest[],
): WorldRecord {
  const { events, stored, run } = recorded;
  const goal = events.flatMap((e): Goal[] => (e.type === 'accepted' ? [e.goal] : []))[0]!;
  const actions = new Set([...skills.map((s) => s.name), ...actionNames(goal.problem?.domain ?? '')]);
  const answers = [...replayed.subgoals].flatMap(([subgoal, { answers: all }]) =>
    all.map((answered) => ({ subgoal, answered })),
  );
  return {
    request: {
      scenario: goal.scenario,
      problem: goal.problem,
      seed: goal.seed,
      sessionId: `replay of ${run}`,
      files: artifactsIn(goal.inputs),
    },
    acts: answers.flatMap((each) =>
      isElsewhereAlone(each.answered, actions) ? [] : actOf(each.subgoal, each.answered, skills),
    ),
    looks: [
      ...answers.flatMap((each) => lookOf(each.subgoal, each.answered)),
      ...openings(recorded),
      ...goalChecks(recorded),
    ],
    reseeded: events.flatMap((e, i) =>
      e.type === 'forked' && e.overrides.seed !== null ? [{ at: stored[i]!.at, seed: e.overrides.seed }] : [],
    ),
  };
}

/** Whether skills outside of the world made files or facts that it took in. */
export function tookIn({ subgoals }: HistoryReplayed, skills: readonly SkillManifest[]): boolean {
  const own = new Set(skills.map(({ name }) => name));
  return [...subgoals.values()].some(({ answers }) =>
    answers.some(
      ({ answer, decided }) =>
        answer.type === 'observed' && decided !== null && !own.has(decided.action.skill) && !isNoChange(answer.change),
    ),
  );
}

/** A declared skill that performs no action of the world. */
function isElsewhereAlone({ answer, decided }: AnsweredEffect, actions: ReadonlySet<string>): boolean {
  return (
    answer.type === 'observed' &&
    answer.answeredBy !== undefined &&
    decided !== null &&
    !actions.has(decided.action.skill)
  );
}

function actOf(
  subgoal: SubgoalId,
  { answer, decided, tried, world, position, since, at }: AnsweredEffect,
  skills: readonly SkillManifest[],
): readonly RecordedAct[] {
  if (answer.type !== 'observed' || decided === null || tried === null) return [];
  const manifest = skills.find((s) => s.name === decided.action.skill);
  // Skills of others are never repeated here; a world's action that is really done elsewhere says so by its nature.
  if (skills.length > 0 && !manifest) return [];
  const { result, change } = answer;
  const isQuiet = change.added.length === 0 && change.removed.length === 0 && Object.keys(change.numbers).length === 0;
  return [
    {
      stream: subgoalStream(subgoal),
      position,
      since,
      at,
      action: decided.action,
      key: idempotencyKey(subgoal, decided.step, decided.action),
      result,
      after: !result.ok && isQuiet ? null : applyChange(world, change),
      // The actions of a problem of the user's own are reversible, unless they are really done elsewhere.
      isElsewhere: (manifest?.effect ?? 'reversible') !== tried,
    },
  ];
}

/** Named checks look at outputs, files and services, not at the facts of the world. */
const namesChecks = (condition: string): boolean => /\(check [^\s()]+\)/.test(condition);

function lookOf(subgoal: SubgoalId, { effect, answer, position, since, at }: AnsweredEffect): readonly RecordedLook[] {
  const place = { stream: subgoalStream(subgoal), position, since, at };
  if (effect.kind === 'verify' && effect.by === 'world' && answer.type === 'verified')
    return namesChecks(String(effect.candidate))
      ? []
      : [{ ...place, what: 'verified', condition: String(effect.candidate), holds: answer.violations.length === 0 }];
  if (answer.type === 'checkpointed') return [{ ...place, what: 'checkpointed.snapshot', snapshot: answer.snapshot }];
  return [];
}

/** The world as subgoals and plannings found it. */
function openings(recorded: RecordedRun): readonly RecordedLook[] {
  const { events, stored, run, subgoals, plannings } = recorded;
  const dispatchedAt = new Map(
    events.flatMap((e, i) =>
      e.type === 'dispatched' ? [[makeSubgoalId(run, e.node, e.attempt), stored[i]!.at] as const] : [],
    ),
  );
  const looks = subgoals.flatMap(({ subgoal, events: own }) =>
    opening(subgoalStream(subgoal), own, dispatchedAt.get(subgoal) ?? 0),
  );
  const plans = [...plannings].flatMap(([version, own]) =>
    opening(planningStream(run, version), own, timeBefore(own[0]!, stored)),
  );
  return [...looks, ...plans];
}

function opening(stream: string, [first]: readonly StoredEvent[], since: number): readonly RecordedLook[] {
  const event = first && stepEvents.decode(first);
  return event?.type === 'opened'
    ? [{ stream, position: 0, since, at: first!.at, what: 'opened.state', state: event.state }]
    : [];
}

const timeBefore = ({ at }: StoredEvent, stored: readonly StoredEvent[]): number =>
  stored.filter((e) => e.at <= at).at(-1)?.at ?? 0;

function goalChecks({ events, stored, run, state }: RecordedRun): readonly RecordedLook[] {
  const condition = state.opened?.condition ?? '';
  if (namesChecks(condition)) return [];
  return events.flatMap((e, i): RecordedLook[] =>
    e.type === 'checked'
      ? [
          {
            stream: runStream(run),
            position: i,
            since: stored[i - 1]!.at,
            at: stored[i]!.at,
            what: 'checked.holds',
            condition,
            holds: e.holds,
          },
        ]
      : [],
  );
}
