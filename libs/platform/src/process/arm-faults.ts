import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  PraxisError,
  armFaultPoints,
  faultPlanSchema,
  faultsOf,
  type FaultHandler,
  type FaultPlan,
} from '@praxis/core';

/** What a fault does to this process. */
export interface FaultMeans {
  /** Says what is about to happen, before it does: afterwards there may be nobody to say it. */
  announce(line: string): void;
  signal(name: 'SIGKILL' | 'SIGSTOP'): void;
}

const MEANS: FaultMeans = {
  announce: (line) => void writeSync(2, `${line}\n`),
  signal: (name) => void process.kill(process.pid, name),
};

/** Carries out a plan's faults, each at its passage. */
export function faultHandler(plan: FaultPlan, means: FaultMeans): FaultHandler {
  const due = faultsOf(plan);
  return (point) => {
    const fault = due(point);
    if (fault === null) return undefined;
    const say = (msg: string): void =>
      means.announce(
        JSON.stringify({ level: 'warn', time: Date.now(), pid: process.pid, msg, seed: plan.seed, fault }),
      );
    say('a fault happens here');
    switch (fault.action) {
      case 'kill':
        means.signal('SIGKILL');
        // The signal may come a moment later; nothing more is to be done here until then.
        return new Promise(() => undefined);
      case 'stop':
        means.signal('SIGSTOP');
        say('the process goes on after its stop');
        return Promise.resolve();
      case 'delay':
        return sleep(fault.ms);
      case 'error':
        return Promise.reject(new PraxisError('unavailable', `A fault was put at ${point}; try again.`));
    }
  };
}

/**
 * Arms the fault points of this process where PRAXIS_FAULTS says so: with a plan as JSON, or with the name of a file
 * that holds one and is read again at every SIGUSR2, with all counts from the beginning. For tests; inert without it.
 */
export function armFaults(env: Readonly<Record<string, string | undefined>>, means: FaultMeans = MEANS): void {
  const given = env['PRAXIS_FAULTS'];
  if (!given) return;
  const isPlan = given.trimStart().startsWith('{');
  const arm = (): void => armFaultPoints(faultHandler(readPlan(isPlan ? given : readFileSync(given, 'utf8')), means));
  arm();
  if (isPlan) return;
  process.on('SIGUSR2', () => {
    arm();
    means.announce(
      JSON.stringify({ level: 'debug', time: Date.now(), pid: process.pid, msg: 'fault points are armed anew' }),
    );
  });
}

function readPlan(text: string): FaultPlan {
  try {
    return faultPlanSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PraxisError(
      'invalid',
      'PRAXIS_FAULTS holds no plan of faults, nor names a file with one; unset it, or write it as {"seed":"1","faults":[{"point":"queue.before-add","nth":1,"action":"kill"}]}.',
      { cause },
    );
  }
}
