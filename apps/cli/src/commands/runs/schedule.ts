import type { Schedule, ScheduleTiming } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import { readGoal, type GoalOptions } from '../../input/goal-input.js';
import { declareGoalOptions } from '../../input/goal-options.js';
import { parseDuration, parseMoment } from '../../input/quantity.js';
import { readTiming, type TimingOptions } from '../../input/schedule-input.js';
import { defineGroup, defineVerb, reading } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { interval, moment } from '../../view/words.js';

const addVerb = defineVerb<GoalOptions & TimingOptions>({
  usage: 'add <id>',
  summary: 'submit a goal at a time, every so often or by cron; an id that is there already is changed',
  examples: [
    'schedule add morning --cron "0 6 * * 1-5" --timezone Europe/Paris --world household --goal breakfast-a',
    'schedule add hourly --every 1h --world household --goal dishes-b',
    'schedule add tonight --at "in 8h" --world household --goal dishes-b --deadline 30m',
  ],
  options: (command) => {
    command
      .option(
        '--at <moment>',
        'once: 2026-12-24T18:00, or "in 2h"',
        reading((text) => parseMoment(text, Date.now())),
      )
      .option(
        '--every <duration>',
        'again and again, the first time in so long from now, such as 1h',
        reading(parseDuration),
      )
      .option(
        '--cron <expression>',
        'minute, hour, day of month, month, day of week; a sixth field in front for seconds',
      )
      .option(
        '--timezone <name>',
        'time zone of the cron expression, such as Europe/Paris (default: that of this machine)',
      );
    declareGoalOptions(command);
  },
  run: async ({ args, options, context: { print, cwd }, context }) => {
    const timing = readTiming(options, Intl.DateTimeFormat().resolvedOptions().timeZone);
    const goal = readGoal(options, cwd);
    const schedule = await withServices(context, ({ planner }) => planner.putSchedule({ id: args[0]!, goal, timing }));
    if (options.json) print.json(schedule);
    else
      print.line(
        `${schedule.id}: ${timingText(schedule.timing)}${schedule.nextAt === null ? '' : `, next at ${moment(schedule.nextAt)}`}`,
      );
    return 0;
  },
});

const listVerb = defineVerb({
  usage: 'list',
  summary: 'list the schedules, when they are due next, and the run that came of them last',
  examples: ['schedule list', 'schedule list --json'],
  run: async ({ options, context: { print }, context }) => {
    const schedules = await withServices(context, ({ planner }) => planner.schedules());
    if (options.json) print.json(schedules);
    else if (schedules.length === 0) print.note('There are no schedules; add one with `praxis schedule add`.');
    else print.lines(schedulesTable(schedules, print.columns));
    return 0;
  },
});

const removeVerb = defineVerb({
  usage: 'remove <id>',
  summary: 'remove a schedule; runs that came of it go on',
  examples: ['schedule remove hourly', 'schedule remove hourly --json'],
  run: async ({ args, options, context: { print }, context }) => {
    await withServices(context, ({ planner }) => planner.removeSchedule(args[0]!));
    if (options.json) print.json({ id: args[0], removed: true });
    else print.line(`${args[0]} is removed`);
    return 0;
  },
});

/** `praxis schedule`: goals that are submitted at their time. */
export const scheduleVerb = defineGroup({
  name: 'schedule',
  summary: 'submit goals at a time, every so often or by cron: schedule add, list, remove',
  examples: [
    'schedule add hourly --every 1h --world household --goal dishes-b',
    'schedule list',
    'schedule remove hourly',
  ],
  verbs: [addVerb, listVerb, removeVerb],
});

/** When a schedule is due, in words. */
export function timingText(timing: ScheduleTiming): string {
  switch (timing.kind) {
    case 'at':
      return `once at ${moment(timing.at)}`;
    case 'every':
      return `every ${interval(timing.everyMs)}`;
    case 'cron':
      return `${timing.cron} (${timing.timezone})`;
  }
}

/** Schedules as a table. */
export function schedulesTable(schedules: readonly Schedule[], width: number): readonly string[] {
  const columns = [{ head: 'schedule' }, { head: 'when' }, { head: 'next' }, { head: 'last run' }, { head: 'goal' }];
  return tableLines(
    columns,
    schedules.map((s) => [
      s.id,
      timingText(s.timing),
      s.nextAt === null ? 'over' : moment(s.nextAt),
      s.lastRun ?? '–',
      s.goal.title,
    ]),
    width,
  );
}
