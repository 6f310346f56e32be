import { FAULT_POINTS, armFaultPoints, faultPlanSchema, faultPoint, faultsOf } from './fault-point.js';

afterEach(() => armFaultPoints(null));

describe('faultPoint', () => {
  it('is inert unless a test arms it', () => {
    for (const point of Object.keys(FAULT_POINTS))
      expect(faultPoint(point as keyof typeof FAULT_POINTS)).toBeUndefined();
  });

  it('asks whoever armed it, and is inert again afterwards', async () => {
    const seen: string[] = [];
    armFaultPoints((point) => (seen.push(point), undefined));
    await faultPoint('queue.before-add');
    armFaultPoints(null);
    await faultPoint('queue.after-add');
    expect(seen).toEqual(['queue.before-add']);
  });
});

describe('faultsOf', () => {
  const plan = faultPlanSchema.parse({
    faults: [
      { point: 'queue.before-add', nth: 2, action: 'kill' },
      { point: 'queue.after-add', action: 'error' },
    ],
  });

  it('is due at the nth passage of its own point and never again', () => {
    const due = faultsOf(plan);
    expect([
      due('queue.before-add'),
      due('queue.before-work'),
      due('queue.before-add')?.action,
      due('queue.before-add'),
    ]).toEqual([null, null, 'kill', null]);
    expect([due('queue.after-add')?.action, due('queue.after-add')]).toEqual(['error', null]);
  });

  it('counts anew for whoever asks anew', () => {
    faultsOf(plan)('queue.before-add');
    expect(faultsOf(plan)('queue.before-add')).toBeNull();
  });

  it('refuses points that are nowhere in the code', () => {
    expect(faultPlanSchema.safeParse({ faults: [{ point: 'queue.nowhere', action: 'kill' }] }).success).toBe(false);
  });
});
