import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from '@praxis/core';
import type { OpenApi } from './openapi-skills.js';

const FOLDER = fileURLToPath(new URL('../../../shared/data/tau2-retail', import.meta.url));

/** Whether the published tasks lie beside the project. */
export const hasRetail = existsSync(FOLDER);
export const NEEDS_RETAIL = 'skipped where ../shared/data/tau2-retail is missing';

export type Args = Readonly<Record<string, Json>>;

/** A call of a task, and what the real shop answered. */
export interface Call {
  readonly name: string;
  readonly arguments: Args;
  readonly error: boolean;
  readonly response: string;
}
export interface Task {
  readonly id: string;
  readonly calls: readonly Call[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as unknown;
export const retailApi = (): OpenApi => read('openapi.json') as OpenApi;
export const retailTasks = (): readonly Task[] => (read('tasks.json') as { readonly tasks: readonly Task[] }).tasks;

/** A response as its value: an object was recorded as its JSON, a text as it is. */
export const valueOf = ({ response }: Call): Json =>
  response.startsWith('{') ? (JSON.parse(response) as Json) : response;

const READS = /^(get|find|list)_|^calculate$/;
/** Whether an operation of the shop changes nothing. */
export const isRead = (name: string): boolean => READS.test(name);
