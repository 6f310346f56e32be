import { NO_COST } from '../values/cost.js';
import {
  makeQuestion,
  validationError,
  questionId,
  type Answer,
  type QuestionKind,
  type AnswerVerdict,
} from './question.js';

const answer = (verdict: AnswerVerdict, more: Partial<Answer> = {}): Answer => ({
  verdict,
  by: 'me',
  reason: '',
  args: null,
  grant: null,
  value: null,
  ...more,
});
const question = (kind: QuestionKind, more: object = {}) => makeQuestion({ id: 'q-1', kind, text: '?', ...more });
const steps = (n: number) => ({ ...NO_COST, steps: n });

describe('validationError', () => {
  const fitting: Readonly<Record<QuestionKind, readonly AnswerVerdict[]>> = {
    approval: ['approve', 'reject'],
    uncertain: ['happened', 'not-happened'],
    budget: ['grant', 'reject'],
    question: ['answer', 'reject'],
  };
  const all: readonly AnswerVerdict[] = ['approve', 'reject', 'happened', 'not-happened', 'grant', 'answer', 'expired'];
  const cases = (Object.keys(fitting) as QuestionKind[]).flatMap((kind) =>
    all.map((verdict) => [kind, verdict, fitting[kind].includes(verdict)] as const),
  );
  it.each(cases)('%s answered with %s: %j', (kind, verdict, fits) => {
    const problem = validationError(question(kind), answer(verdict), 0);
    if (fits) expect(problem).toBeNull();
    else expect(problem).toContain(`asks for ${fitting[kind].join(', ')}`);
  });

  it('wants the arguments of an edit, and how much a grant is where something is missing', () => {
    expect(validationError(question('approval'), answer('edit'), 0)).toContain('arguments');
    expect(validationError(question('approval'), answer('edit', { args: {} }), 0)).toBeNull();
    expect(validationError(question('budget', { needs: steps(2) }), answer('grant', { grant: NO_COST }), 0)).toContain(
      'how much',
    );
    expect(
      validationError(question('budget', { needs: steps(2) }), answer('grant', { grant: steps(1) }), 0),
    ).toBeNull();
    expect(validationError(question('budget', { needs: NO_COST }), answer('grant'), 0)).toBeNull();
  });

  it('wants one of the choices, whatever its case, and says which there are', () => {
    const asked = question('question', { choices: ['yes', 'No'] });
    expect(validationError(asked, answer('answer', { value: ' Yes ' }), 0)).toBeNull();
    expect(validationError(asked, answer('answer', { value: 'no' }), 0)).toBeNull();
    expect(validationError(asked, answer('answer', { value: 'perhaps' }), 0)).toContain('yes, No; "perhaps" is none');
    for (const no of ['no, not these', 'cancel', false, null])
      expect(validationError(asked, answer('answer', { value: no }), 0)).toBeNull();
    expect(validationError(asked, answer('reject'), 0)).toBeNull();
    expect(validationError(question('question'), answer('answer', { value: 'perhaps' }), 0)).toBeNull();
  });

  it('takes an answer at the last moment, and none after it', () => {
    expect(validationError(question('approval', { expiresAt: 10 }), answer('approve'), 10)).toBeNull();
    expect(validationError(question('approval', { expiresAt: 10 }), answer('approve'), 11)).toContain('expired');
  });
});

describe('questionId', () => {
  it('is the same for the same question of the same asker, and differs otherwise', () => {
    expect(questionId('a', { n: 1 })).toBe(questionId('a', { n: 1 }));
    expect(new Set([questionId('a', 1), questionId('b', 1), questionId('a', 2), questionId('a', '1')]).size).toBe(4);
    expect(questionId('a', 1)).toMatch(/^q-[0-9a-f]{16}$/);
  });
});
