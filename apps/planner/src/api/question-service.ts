import {
  PraxisError,
  faultPoint,
  validationError,
  type Answer,
  type Question,
  type Run,
  type RunEvent,
  type RunId,
  type SubgoalId,
} from '@praxis/core';
import type { OpenQuestion, QuestionFilter } from '@praxis/wire';
import { changeRun } from '../change-run.js';
import type { PlannerParts } from '../parts.js';

/** Where a question stands. */
interface Asked {
  readonly run: RunId;
  readonly subgoal: SubgoalId | null;
  readonly question: Question;
}

/**
 * The desk where people answer.
 *
 * question-service.1 An answer goes into the run's stream, bound to its question by id; whoever asked finds it there
 *                    (S6).
 * question-service.2 A question is answered once; a second answer is refused, the same one again included.
 * question-service.3 An answer that does not fit its question, or comes too late, changes nothing.
 */
export class QuestionService {
  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues' | 'clock'>) {}

  /** Open questions for people, oldest first. */
  async list(filter: QuestionFilter): Promise<readonly OpenQuestion[]> {
    const open = await this.parts.store.questions.open(filter);
    return open.filter(isForPeople);
  }

  async answer(id: string, answer: Answer): Promise<void> {
    const asked = await this.parts.store.questions.find(id);
    if (!asked)
      throw new PraxisError(
        'missing',
        `There is no question ${id}. See those that are open with \`praxis approvals\`.`,
      );
    if (answer.verdict === 'expired')
      throw new PraxisError('invalid', 'Only the planner says that a question has expired.');
    if (!isForPeople(asked)) throw new PraxisError('invalid', await this.whoGrants(asked));
    const problem = validationError(asked.question, answer, this.parts.clock.now());
    if (problem !== null) throw new PraxisError('invalid', problem);
    await this.write(asked, answer);
    await faultPoint('planner.after-answered');
  }

  /** Says of a question that nobody answered in time; nothing where somebody did. */
  async expire(asked: Asked): Promise<void> {
    await this.write(asked, {
      verdict: 'expired',
      by: 'planner',
      reason: 'nobody answered in time',
      args: null,
      grant: null,
      value: null,
    }).catch(unlessAnswered);
  }

  /** Notes that people were reminded of a question. */
  async remind({ run, subgoal, question }: Asked): Promise<void> {
    await changeRun(run, this.parts, (state) =>
      state.ended || isAnswered(state, question.id) ? [] : [{ type: 'reminded', question: question.id, subgoal }],
    );
  }

  /** A subgoal spends out of its run's budget, so that only the run can be given more. */
  private async whoGrants({ run }: Asked): Promise<string> {
    const [own] = await this.list({ run, kind: 'budget' });
    return own
      ? `A subgoal gets what its run has; answer ${own.question.id} to give the run ${run} more.`
      : `A subgoal gets what its run has, and the run ${run} asks for nothing now; see \`praxis approvals\`.`;
  }

  private write({ run, subgoal, question }: Asked, answer: Answer): Promise<void> {
    return changeRun(run, this.parts, (state): readonly RunEvent[] => {
      if (state.ended)
        throw new PraxisError(
          'conflict',
          `The run ${run} has ended (${state.ended.outcome}); its questions need no answer any more.`,
        );
      if (isAnswered(state, question.id))
        throw new PraxisError('conflict', `The question ${question.id} has been answered already.`);
      return [{ type: 'answered', question: question.id, subgoal, answer }];
    });
  }
}

/** What a subgoal asks of its run's budget is the planner's own business. */
export const isForPeople = ({ question, subgoal }: Pick<Asked, 'question' | 'subgoal'>): boolean =>
  question.kind !== 'budget' || subgoal === null;

function isAnswered(state: Run, id: string): boolean {
  return state.answers.has(id) || state.asked.some((q) => q.question.id === id && q.answer !== null);
}

function unlessAnswered(thrown: unknown): void {
  if (PraxisError.from(thrown).code !== 'conflict') throw thrown;
}
