export { allInOne, type AllInOne, type AllInOneOptions } from './compose/all-in-one.js';
export { runCommandLine, type CommandLine } from './command-line.js';
export { openRuntime, startArchiveOn, startExecutorOn, startPlannerOn, type Runtime } from './compose/compose.js';
