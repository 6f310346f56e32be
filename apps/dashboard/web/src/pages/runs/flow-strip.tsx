import { useState, type ReactNode } from 'react';
import type { Overview } from '../../../../src/api.js';
import { useNow } from '../../state/clock.js';
import { clusterFigures } from '../../model/cluster-figures.js';
import { Link } from '../../route/link.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { count, duration, number } from '../../model/words.js';

const KEY = 'praxis.explained';

interface Station {
  readonly icon: IconName;
  readonly name: string;
  readonly href: string;
  readonly figure: ReactNode;
  readonly unit: string;
  readonly note: string;
  readonly isBusy: boolean;
  readonly isBad?: boolean;
  readonly words: string;
}

/** What is going on, as the way that a goal takes through the system. */
export function FlowStrip({ overview }: { readonly overview: Overview | null }) {
  const [isExplained, setIsExplained] = useState(localStorage.getItem(KEY) !== 'no');
  const toggle = (): void => {
    localStorage.setItem(KEY, isExplained ? 'no' : 'yes');
    setIsExplained(!isExplained);
  };
  const now = useNow();
  const stations = overview ? stationsOf(overview, now) : WAITING;
  return (
    <section className={`flow ${isExplained ? 'flow-explained' : ''}`} aria-label="What is going on">
      <ol>
        {stations.map((station) => (
          <li
            key={station.name}
            className={`station ${station.isBusy ? 'station-busy' : ''} ${station.isBad ? 'station-bad' : ''}`}
          >
            <Link href={station.href}>
              <span className="station-name">
                <Icon name={station.icon} />
                {station.name}
              </span>
              <span className="station-figure">
                <strong className="num">{station.figure}</strong> {station.unit}
              </span>
              <span className="station-note">{station.note}</span>
              {isExplained && <span className="station-words">{station.words}</span>}
            </Link>
          </li>
        ))}
      </ol>
      <button type="button" className="button-link flow-toggle" onClick={toggle} aria-expanded={isExplained}>
        {isExplained ? 'Hide the explanation' : 'What is this?'}
      </button>
    </section>
  );
}

const WORDS = {
  planner: 'Breaks a goal into a graph of subgoals, and repairs the graph when a part of it fails.',
  queues: 'Every ready subgoal is a job on its lane, until an executor takes it.',
  executors: 'Do subgoals step by step in the world, and plan again on the spot when an action is refused.',
  reflector: 'Contrasts refused actions with those that went well, and tries out what was missing.',
  archive: 'What won its trials is a tool, and later runs plan with it.',
};

const nothing = { figure: '–', unit: '', note: ' ', isBusy: false };
const WAITING: readonly Station[] = [
  { ...nothing, icon: 'plan', name: 'Planner', href: '/?status=running', words: WORDS.planner },
  { ...nothing, icon: 'queues', name: 'Queues', href: '/cluster', words: WORDS.queues },
  { ...nothing, icon: 'cluster', name: 'Executors', href: '/cluster', words: WORDS.executors },
  { ...nothing, icon: 'learn', name: 'Reflector', href: '/tools', words: WORDS.reflector },
  { ...nothing, icon: 'tools', name: 'Archive', href: '/tools', words: WORDS.archive },
];

function stationsOf(overview: Overview, now: number): readonly Station[] {
  const { runs, tools } = overview;
  const f = clusterFigures(overview, now);
  const [planner, queues, executors, reflector, archive] = WAITING as readonly [
    Station,
    Station,
    Station,
    Station,
    Station,
  ];
  const noQueues = { figure: '–', unit: '', note: 'the queues do not answer', isBad: true };
  return [
    {
      ...planner,
      figure: number(runs.running + runs.waiting),
      unit: 'runs under way',
      note: plannerNote(overview),
      isBusy: runs.running + runs.waiting > 0,
    },
    {
      ...queues,
      ...(f.execute
        ? {
            figure: number(f.execute.waiting),
            unit: f.execute.waiting === 1 ? 'job waiting' : 'jobs waiting',
            note: f.execute.oldestAt === null ? 'none has to wait' : `oldest for ${duration(now - f.execute.oldestAt)}`,
            isBusy: f.execute.waiting > 0,
          }
        : noQueues),
    },
    {
      ...executors,
      figure: `${f.busy} / ${f.ready}`,
      unit: 'busy',
      note: f.ready === 0 ? 'none is ready: start one' : count(f.subgoals, 'subgoal').concat(' under way'),
      isBusy: f.busy > 0,
      isBad: f.ready === 0,
    },
    {
      ...reflector,
      ...(f.reflect
        ? {
            figure: number(f.reflect.waiting + f.reflect.active),
            unit: 'to think through',
            note: f.reflect.active > 0 ? 'learning now' : 'nothing to learn from now',
            isBusy: f.reflect.active > 0,
          }
        : noQueues),
    },
    {
      ...archive,
      figure: number(tools.active),
      unit: tools.active === 1 ? 'tool in use' : 'tools in use',
      note: `${number(tools.candidate)} on trial, ${number(tools.rejected)} rejected`,
      isBusy: false,
    },
  ];
}

function plannerNote({ runs, questions }: Overview): string {
  if (questions > 0) return `${count(questions, 'question')} for people`;
  if (runs.waiting > 0) return `${number(runs.waiting)} waiting for a plan`;
  return runs.paused > 0 ? `${number(runs.paused)} paused` : `${number(runs.done)} done, ${number(runs.failed)} failed`;
}
