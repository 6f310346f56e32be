import type { Json } from '@praxis/core';
import { serveTasks } from '../../threads/serve-tasks.js';
import { evaluate, type CalcRequest } from './evaluate.js';

/** The thread for expressions that may take long. */
serveTasks<CalcRequest, Json>(async ({ expression, variables }) => ({
  value: evaluate(expression, variables),
  transfer: [],
}));
