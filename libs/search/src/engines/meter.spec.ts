import { Meter } from './meter.js';

const meterOf = (evaluated: number): Meter => new Meter({ facts: 1, operators: 1 }, { evaluated }, {}, 0);

describe('Meter', () => {
  it('stays stopped for the reason that came first (meter.2)', () => {
    const meter = meterOf(2);
    expect([meter.mayEvaluate(), meter.mayEvaluate(), meter.mayEvaluate()]).toEqual([true, true, false]);
    meter.stop('memory');
    expect([meter.stopped, meter.goOn(), meter.mayEvaluate(), meter.mayExpand()]).toEqual([
      'evaluated',
      false,
      false,
      false,
    ]);
  });

  it('goes on after its first share, unless something else has ended the search (meter.2)', () => {
    const meter = meterOf(2);
    meter.first(1);
    expect([meter.mayEvaluate(), meter.mayEvaluate(), meter.goOn(), meter.mayEvaluate()]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    const ended = meterOf(2);
    ended.first(1);
    ended.stop('cancelled');
    expect([ended.goOn(), ended.stopped]).toEqual([false, 'cancelled']);
  });
});
