import type { RunEvent, SkillManifest, StepEvent } from '@praxis/core';
import * as fc from 'fast-check';
import * as env from '../gen/praxis/v1/environment.js';
import { Event } from '../gen/praxis/v1/events.js';
import * as executor from '../gen/praxis/v1/executor.js';
import * as goalPb from '../gen/praxis/v1/goal.js';
import * as planner from '../gen/praxis/v1/planner.js';
import * as questionPb from '../gen/praxis/v1/question.js';
import { RunEvent as RunEventPb } from '../gen/praxis/v1/run_event.js';
import { Schedule as SchedulePb } from '../gen/praxis/v1/schedule.js';
import { StepEvent as StepEventPb } from '../gen/praxis/v1/step_event.js';
import * as toolPb from '../gen/praxis/v1/tool.js';
import * as pb from '../gen/praxis/v1/types.js';
import { fromEvent, toEvent } from '../watched-event.js';
import { fromAction, fromFailure, fromSkill, toAction, toFailure, toSkill } from './action.js';
import { runEventsByType, stepEventsByType, watched } from './fixtures/arbitrary-events.js';
import {
  action,
  state,
  change,
  result,
  observation,
  failure,
  skill,
  goal,
  plan,
  diff,
  nodeState,
  tool,
  world,
  open,
  parsedCondition,
} from './fixtures/arbitrary-nouns.js';
import {
  summary,
  view,
  filter,
  executorInfo,
  overview,
  question,
  answer,
  openQuestion,
  questionFilter,
  fork,
  rollback,
  gcRequest,
  gcReport,
  schedule,
} from './fixtures/arbitrary-runs.js';
import type { Fc } from './fixtures/arbitrary-values.js';
import { fromGoal, toGoal } from './goal.js';
import {
  fromForkRequest,
  fromGcReport,
  fromGcRequest,
  fromRollback,
  toForkRequest,
  toGcReport,
  toGcRequest,
  toRollback,
} from './history.js';
import { fromNodeState, fromPlan, fromPlanDiff, toNodeState, toPlan, toPlanDiff } from './plan.js';
import { fromOverview, toOverview } from './overview.js';
import {
  fromAnswer,
  fromOpenQuestion,
  fromQuestion,
  fromQuestionFilter,
  toAnswer,
  toOpenQuestion,
  toQuestion,
  toQuestionFilter,
} from './question.js';
import { fromRunEvent, toRunEvent } from './run-event.js';
import {
  fromExecutorInfo,
  fromFilter,
  fromRunView,
  fromSummary,
  toExecutorInfo,
  toFilter,
  toRunView,
  toSummary,
} from './run.js';
import {
  fromChange,
  fromObservation,
  fromResult,
  fromState,
  toChange,
  toObservation,
  toResult,
  toState,
} from './state.js';
import { fromSchedule, toSchedule } from './schedule.js';
import { fromStepEvent, toStepEvent } from './step-event.js';
import { fromTool, toTool } from './tool.js';
import { fromParsedCondition, toParsedCondition } from './parsed-condition.js';
import { fromOpen, fromWorldInfo, toOpen, toWorldInfo } from './world.js';

interface Message<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
}

/** Over the wire and back, as bytes. */
function comesBack<T, M>(
  of: Fc<T>,
  message: Message<M>,
  to: (value: T) => M,
  from: (message: M) => T,
  numRuns = 60,
): void {
  fc.assert(
    fc.property(of, (value) => {
      const back = from(message.decode(message.encode(to(value)).finish()));
      expect(back).toEqual(value);
      // The journal takes JSON, and a field that is there with the value undefined is none.
      expect(undefinedFields(back)).toEqual([]);
    }),
    { numRuns },
  );
}

const undefinedFields = (value: unknown, at = ''): readonly string[] =>
  value === undefined
    ? [at]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, part]) => undefinedFields(part, `${at}.${name}`))
      : [];

describe('every noun comes back from the wire as it went in', () => {
  it('an action', () => comesBack(action, pb.Action, toAction, fromAction));
  it('a failure', () => comesBack(failure, pb.Failure, toFailure, fromFailure));
  it('a skill', () => comesBack(skill, pb.SkillManifest, toSkill, fromSkill));
  it('a state', () => comesBack(state, pb.WorldState, toState, fromState));
  it('a change', () => comesBack(change, pb.StateChange, toChange, fromChange));
  it('a result', () => comesBack(result, pb.ActionResult, toResult, fromResult));
  it('a result and a failure, with nothing undefined in them, since both are journalled', () => {
    fc.assert(
      fc.property(result, (value) => expect(Object.values(fromResult(toResult(value)))).not.toContain(undefined)),
    );
    fc.assert(
      fc.property(failure, (value) => expect(Object.values(fromFailure(toFailure(value)))).not.toContain(undefined)),
    );
  });
  it('an observation', () => comesBack(observation, pb.Observation, toObservation, fromObservation));
  it('a goal', () => comesBack(goal, goalPb.Goal, toGoal, fromGoal));
  it('a plan', () => comesBack(plan, pb.Plan, toPlan, fromPlan));
  it('a difference of plans', () => comesBack(diff, pb.PlanDiff, toPlanDiff, fromPlanDiff));
  it('the state of a node', () => comesBack(nodeState, pb.NodeState, toNodeState, (m) => fromNodeState('node', m)));
  it('a tool', () => comesBack(tool, toolPb.Tool, toTool, fromTool));
  it('a world', () => comesBack(world, pb.WorldInfo, toWorldInfo, fromWorldInfo));
  it('a condition as structure', () =>
    comesBack(parsedCondition, env.ParsedCondition, (c) => toParsedCondition(c)!, fromParsedCondition));
  it('a request to open a world', () => comesBack(open, env.OpenRequest, toOpen, fromOpen));
  it('a summary', () => comesBack(summary, pb.RunSummary, toSummary, fromSummary));
  it('a view of a run', () => comesBack(view, planner.PlannerServiceGetResponse, toRunView, fromRunView));
  it('a filter', () => comesBack(filter, planner.RunFilter, toFilter, fromFilter));
  it('what an executor offers', () =>
    comesBack(executorInfo, executor.ExecutorServiceDescribeResponse, toExecutorInfo, fromExecutorInfo));
  it('how the cluster stands', () => comesBack(overview, planner.OverviewResponse, toOverview, fromOverview));
  it('a question', () => comesBack(question, questionPb.Question, toQuestion, fromQuestion));
  it('an answer', () => comesBack(answer, questionPb.Answer, toAnswer, fromAnswer));
  it('a question that waits', () => comesBack(openQuestion, questionPb.OpenQuestion, toOpenQuestion, fromOpenQuestion));
  it('which questions to list', () =>
    comesBack(questionFilter, questionPb.QuestionFilter, toQuestionFilter, fromQuestionFilter));
  it('what to fork', () => comesBack(fork, planner.ForkRequest, toForkRequest, fromForkRequest));
  it('what is taken back', () => comesBack(rollback, planner.RollbackResponse, toRollback, fromRollback));
  it('what to clear away', () => comesBack(gcRequest, planner.CollectGarbageRequest, toGcRequest, fromGcRequest));
  it('what was cleared away', () => comesBack(gcReport, planner.CollectGarbageResponse, toGcReport, fromGcReport));
  it('a schedule', () => comesBack(schedule, SchedulePb, toSchedule, fromSchedule));
  it('an event in its place', () => comesBack(watched, Event, toEvent, fromEvent, 200));
});

describe('every event comes back from the wire as it went in', () => {
  it.each(Object.entries(runEventsByType))('%s of a run', (_type, of) =>
    comesBack<RunEvent, RunEventPb>(of as Fc<RunEvent>, RunEventPb, toRunEvent, fromRunEvent),
  );
  it.each(Object.entries(stepEventsByType))('%s of a step', (_type, of) =>
    comesBack<StepEvent, StepEventPb>(of as Fc<StepEvent>, StepEventPb, toStepEvent, fromStepEvent),
  );
});

describe('order', () => {
  it("keeps the arguments of an action in the skill's order", () => {
    const back = fromAction(
      pb.Action.decode(
        pb.Action.encode(toAction({ skill: 'move', args: { robot: 'r', from: 'b', to: 'a' } })).finish(),
      ),
    );
    expect(Object.keys(back.args)).toEqual(['robot', 'from', 'to']);
  });
  it("keeps the arguments of an edit and of an undo in the skill's order", () => {
    const edit = fromAnswer(
      questionPb.Answer.decode(
        questionPb.Answer.encode(
          toAnswer({ verdict: 'edit', by: '', reason: '', args: { z: 1, a: 2 }, grant: null, value: null }),
        ).finish(),
      ),
    );
    expect(Object.keys(edit.args!)).toEqual(['z', 'a']);
    const manifest: SkillManifest = {
      name: 'pay',
      summary: '',
      parameters: [],
      effect: 'compensable',
      keyed: true,
      source: '',
      undo: { skill: 'refund', args: { z: 'key', a: 'args.a' } },
    };
    expect(
      Object.keys(fromSkill(pb.SkillManifest.decode(pb.SkillManifest.encode(toSkill(manifest)).finish())).undo!.args),
    ).toEqual(['z', 'a']);
  });
});
