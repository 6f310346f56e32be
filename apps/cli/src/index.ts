export { allInOne, type AllInOne, type AllInOneOptions } from './all-in-one.js';
export { runCommandLine, type CommandLine } from './command-line.js';
export { openGround, startArchiveOn, startExecutorOn, startPlannerOn, type Ground } from './compose.js';
