import { parseApprovalRule } from '@praxis/core';
import { Option, type Command } from 'commander';
import { parseModelChoice } from './model-choice.js';
import { parseDuration } from './quantity.js';
import { positiveNumber, reading, readingEach, wholeNumber } from '../verb.js';

/** Declares the options that say what a goal is, what it may cost and what needs a person. */
export function declareGoalOptions(command: Command): void {
  declareWhat(command);
  declareBounds(command);
  declareRules(command);
  command
    .option('--space <name>', 'part of the archive to use and to learn into (default: default)')
    .option('--no-archive', 'neither use learned tools nor learn new ones');
}

/** Declares the options of a goal whose plan is a playbook: what to call it, what it may cost and what needs a person. */
export function declarePlaybookOptions(command: Command): void {
  command.option('--title <text>', 'what to call the goal (default: the title of the playbook)');
  declareModels(command);
  declareBounds(command);
  declareRules(command);
}

function declareRules(command: Command): void {
  command
    .option(
      '--rule <rule>',
      "what needs a person besides the deployment's own rules, such as 'ask effect=irreversible'; may be given several times",
      readingEach(parseApprovalRule),
    )
    .option('--tenant <name>', 'whose goal it is, for approval rules');
}

function declareWhat(command: Command): void {
  command
    .option('--world <name>', 'the world to act in (`praxis worlds` lists them; default with --request: workspace)')
    .option('--goal <goal>', 'a scenario of the world, or a PDDL condition to make true')
    .option('--request <text>', 'what to reach, in plain words; a model says it as a condition (instead of --goal)')
    .option(
      '--scenario <name>',
      'the situation to begin in, where --goal is a condition, or with --request (default: the first one of the world)',
    )
    .option('--domain <file>', 'PDDL domain of a problem of your own')
    .option('--problem <file>', 'PDDL problem of your own')
    .option('--title <text>', 'what to call the goal')
    .option(
      '--strategy <name>',
      'how to plan and act: search, react, draft, tree, bounded-memory, hybrid or async-planner (default: search; react for a request in a workspace; docs/models.md)',
    );
  declareModels(command);
}

function declareModels(command: Command): void {
  command
    .option(
      '--model <role=names>',
      'models to use instead of those of the settings, best first, such as planner=big|bigger; may be given several times',
      readingEach(parseModelChoice),
    )
    .option('--seed <text>', 'seed of everything random (default: 1)');
}

function declareBounds(command: Command): void {
  command
    .option('--steps <n>', 'actions that the run may spend (default: 500)', wholeNumber(1))
    .option('--replans <n>', 'plans after the first (default: 12)', wholeNumber(0))
    .option('--evaluated <n>', 'states that one search may evaluate (default: 1000000)', wholeNumber(1))
    .option('--calls <n>', 'calls of skills and models that the run may spend', wholeNumber(1))
    .option('--tokens <n>', 'tokens of models that the run may spend', wholeNumber(1))
    .option('--money <n>', 'money that the run may spend, in the currency of the skills', positiveNumber)
    .option(
      '--risk <n>',
      'risk points that the run may spend: 5 for what cannot be taken back, 1 for what can be compensated',
      positiveNumber,
    )
    .option('--time <duration>', 'time that the run may spend, without pauses, such as 1h', reading(parseDuration))
    .addOption(
      new Option(
        '--when-spent <what>',
        'what to do when a budget is spent: ask for more, or fail (default: ask)',
      ).choices(['ask', 'fail']),
    )
    .option(
      '--deadline <duration>',
      'stop the run as failed so long after it was accepted, such as 10m',
      reading(parseDuration),
    );
}
