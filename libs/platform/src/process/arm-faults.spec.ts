import { armFaultPoints, faultPlanSchema, faultPoint } from '@praxis/core';
import { armFaults, faultHandler } from './arm-faults.js';

const plan = (...faults: readonly object[]) => faultPlanSchema.parse({ seed: 's-7', faults });

function watched() {
  const seen: string[] = [];
  const means = { announce: (line: string) => void seen.push(line), signal: (name: string) => void seen.push(name) };
  return { seen, means };
}

afterEach(() => armFaultPoints(null));

describe('faultHandler', () => {
  it('says what happens and with which seed before it kills, and then goes no further', async () => {
    const { seen, means } = watched();
    const at = faultHandler(plan({ point: 'journal.after-commit', nth: 2, action: 'kill' }), means);
    expect(at('journal.after-commit')).toBeUndefined();
    const dead = at('journal.after-commit')!;
    expect(JSON.parse(seen[0]!)).toMatchObject({
      seed: 's-7',
      fault: { point: 'journal.after-commit', nth: 2, action: 'kill' },
    });
    expect(seen[1]).toBe('SIGKILL');
    expect(await Promise.race([dead, new Promise((r) => setImmediate(() => r('nothing more')))])).toBe('nothing more');
  });

  it('goes on where it stopped once somebody continues the process', async () => {
    const { seen, means } = watched();
    await faultHandler(plan({ point: 'queue.after-work', action: 'stop' }), means)('queue.after-work');
    expect(seen[1]).toBe('SIGSTOP');
    expect(JSON.parse(seen[2]!)).toMatchObject({
      msg: 'the process goes on after its stop',
      fault: { action: 'stop' },
    });
  });

  it('fails as something that is away would', async () => {
    const { means } = watched();
    await expect(
      faultHandler(plan({ point: 'session.before-save', action: 'error' }), means)('session.before-save'),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('waits, and nothing else', async () => {
    const { seen, means } = watched();
    await faultHandler(plan({ point: 'session.before-save', action: 'delay', ms: 1 }), means)('session.before-save');
    expect(seen).toHaveLength(1);
  });
});

describe('armFaults', () => {
  it('leaves everything inert where nobody asked for faults', () => {
    armFaults({});
    armFaults({ PRAXIS_FAULTS: '' });
    expect(faultPoint('queue.before-add')).toBeUndefined();
  });

  it('arms what the variable says', async () => {
    const { seen, means } = watched();
    armFaults({ PRAXIS_FAULTS: '{"faults":[{"point":"queue.before-add","action":"error"}]}' }, means);
    await expect(faultPoint('queue.before-add')).rejects.toMatchObject({ code: 'unavailable' });
    expect(faultPoint('queue.before-add')).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it.each(['{"faults":[{"point":"nowhere","action":"kill"}]}', '{"faults":', '{}'])(
    'refuses %s rather than testing nothing',
    (text) => {
      expect(() => armFaults({ PRAXIS_FAULTS: text })).toThrow(/PRAXIS_FAULTS/);
    },
  );
});
