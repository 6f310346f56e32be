import type { RunSummary } from '@praxis/core';

/** How a run is summed up before anything has happened. */
export const BLANK_SUMMARY: Omit<RunSummary, 'id' | 'title' | 'world' | 'space' | 'acceptedAt'> = {
  status: 'waiting',
  reason: '',
  planVersion: 0,
  subgoals: 0,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions: 0,
  endedAt: null,
};
