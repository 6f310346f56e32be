import type { Fault } from '@praxis/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { planOf, type ChaosFault, type Victim } from './draw-fault.js';
import type { Recorder } from './recorder.js';
import type { Service, ServiceName } from './service.js';

const MEMBERS: Readonly<Record<Victim, readonly ServiceName[]>> = {
  planner: ['planner'],
  executor: ['executor-1', 'executor-2'],
  reflector: ['reflector'],
};

/** A fault that is armed, and what became of it. */
export interface Strike {
  /** When it happened, in milliseconds since 1970-01-01 UTC; null where the point was not passed so often. */
  readonly at: number | null;
  /** Waits until what was begun is over, and makes the cluster whole. */
  settle(): Promise<void>;
}

/** Arms a run's fault in the running cluster; whoever passes the point first is struck, and nobody else. */
export async function arm(
  cluster: Cluster,
  recorder: Recorder,
  fault: ChaosFault,
  where: { readonly name: string; readonly items: ReadonlySet<string> },
): Promise<Strike> {
  const members = MEMBERS[fault.victim].map((name) => cluster.services.get(name)!);
  const strike: { at: number | null } = { at: null };
  const under: Promise<void>[] = [];
  cluster.listen((service: Service, _fault: Fault, at: number) => {
    if (strike.at !== null) return void under.push(service.goOn());
    strike.at = at;
    for (const other of members) if (other !== service) under.push(other.arm({ seed: '', faults: [] }));
    under.push(carryOut(cluster, recorder, fault, service, where.items));
    // What goes wrong is told by `settle`.
    for (const work of under) work.catch(() => undefined);
  });
  await Promise.all(members.map((service) => service.arm(planOf(fault, where.name))));
  return {
    get at() {
      return strike.at;
    },
    settle: async () => {
      await Promise.all(under);
      if (strike.at === null) for (const service of members) await service.arm({ seed: '', faults: [] });
      // It may have struck while it was being taken back.
      await Promise.all(under);
      await cluster.heal();
      cluster.listen(null);
    },
  };
}

/** What others do to a process that stands still at its point. */
async function carryOut(
  cluster: Cluster,
  recorder: Recorder,
  { blow }: ChaosFault,
  service: Service,
  items: ReadonlySet<string>,
): Promise<void> {
  switch (blow.kind) {
    case 'kill':
    case 'delay':
    case 'error':
      return;
    case 'stop':
      await sleep(blow.ms);
      break;
    case 'partition': {
      const link = cluster.link(service.name, blow.link);
      link.trouble(blow.trouble);
      await service.goOn();
      await sleep(blow.ms);
      link.heal();
      return;
    }
    case 'restart':
      if (blow.what === 'postgres' || blow.what === 'redis') await cluster.restart(blow.what);
      else cluster.services.get(blow.what)!.signal('SIGTERM');
      break;
    case 'lost-reply':
      recorder.loseReply(items);
      break;
  }
  await service.goOn();
}
