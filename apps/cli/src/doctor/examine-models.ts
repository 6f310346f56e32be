import { resolve } from 'node:path';
import { PraxisError, type NodeSpec } from '@praxis/core';
import { httpGet, openLlama, readModelList, type HttpGet } from '@praxis/inference';
import type { Settings } from '@praxis/platform';
import { ownNodes } from '../compose/compose-models.js';
import type { Finding } from './examine.js';
import { keyOf, type KeyOf } from '../compose/node-keys.js';
import { visible } from '../view/words.js';

/** Whoever asks the doctor waits for the answer. */
const PATIENCE_MS = 3_000;

/** Tries the nodes that the settings name: which models they serve, or what is wrong and what to do. */
export async function examineModels(
  settings: Pick<Settings, 'model' | 'nodes'>,
  get: HttpGet = httpGet,
): Promise<readonly Finding[]> {
  const { model } = settings;
  if (model.replay !== null) return [found('ok', `answers come from the recording ${model.replay}`)];
  let nodes: readonly NodeSpec[];
  try {
    nodes = ownNodes(settings);
  } catch (thrown) {
    return [found('broken', PraxisError.from(thrown).message)];
  }
  if (nodes.length === 0)
    return [
      found(
        'absent',
        'set PRAXIS_MODEL_URL=http://… to let models plan and act (docs/models.md); nodes that registered: `praxis nodes`',
      ),
    ];
  const tried = await Promise.all(
    nodes.map((node) =>
      node.engine === 'embedded' && model.gguf !== null
        ? tryFile(node, model.gguf)
        : tryNode(node, keyOf(settings, nodes), get),
    ),
  );
  const served = tried.flatMap(({ names }) => names ?? []);
  const isMissing = model.name !== null && tried.some(({ names }) => names !== null) && !served.includes(model.name);
  return [
    ...tried.map(({ finding }) => finding),
    ...(isMissing
      ? [found('broken', `no node lists ${model.name}; set PRAXIS_MODEL_NAME to a model that is served`)]
      : []),
  ];
}

const found = (state: Finding['state'], detail: string): Finding => ({ what: 'models', state, detail });

interface Tried {
  readonly finding: Finding;
  /** Null where it could not be asked. */
  readonly names: readonly string[] | null;
}

/** A model inside the process: whether its file and what runs it are there; it is not loaded. */
async function tryFile({ name, serves }: NodeSpec, file: string): Promise<Tried> {
  const names = serves.map((served) => served.name);
  return openLlama(resolve(file), process.cwd()).then(
    () => ({
      finding: found('ok', `${name} runs ${visible(names.join(', '))} inside Praxis, from ${visible(file)}`),
      names,
    }),
    (thrown: unknown) => ({ finding: found('broken', PraxisError.from(thrown).message), names: null }),
  );
}

async function tryNode({ name, url, keyVariable }: NodeSpec, keys: KeyOf, get: HttpGet): Promise<Tried> {
  const key = keyVariable === null ? undefined : keys(keyVariable, url);
  const where = `${name} at ${shownUrl(url)}`;
  const wrong = (problem: string): Tried => ({ finding: found('broken', `${where} ${problem}`), names: null });
  if (keyVariable !== null && key === undefined) return wrong(`wants the key in ${keyVariable}, which is not set`);
  try {
    const { status, body } = await get(`${url.replace(/\/+$/, '')}/models`, {
      key: key ?? null,
      timeoutMs: PATIENCE_MS,
      signal: new AbortController().signal,
    });
    if (status !== 200) return wrong(refusal(status, keyVariable));
    const list = readModelList(body);
    if (list === null)
      return wrong(
        'answers, and not as the OpenAI API does; is it the address of the API, such as http://gpu1:8000/v1?',
      );
    if (list.names.length === 0) return wrong('answers, and serves no model yet; load one there');
    return { finding: found('ok', `${where} serves ${visible(list.names.join(', '))}`), names: list.names };
  } catch (thrown) {
    return wrong(trouble(thrown));
  }
}

/** Names and passwords of a URL are nobody's business. */
function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function refusal(status: number, keyVariable: string | null): string {
  if (status === 401 || status === 403)
    return `refuses to answer (${status}); ${keyVariable === null ? 'set its key, PRAXIS_MODEL_KEY' : `the key in ${keyVariable} is not the right one`}`;
  if (status === 404) return 'has no list of models there (404); the address of an API usually ends in /v1';
  return `answers ${status}; look at its log`;
}

/** The message of an error may hold what was sent, the key included, so that only its kind is told. */
function trouble(thrown: unknown): string {
  const { name, cause } = thrown as { readonly name?: string; readonly cause?: { readonly code?: unknown } };
  if (name === 'TimeoutError')
    return `gave no answer within ${PATIENCE_MS / 1000} s; is it overloaded, or behind a firewall?`;
  if (typeof cause?.code === 'string')
    return `cannot be reached (${cause.code}); is it running, and is the address right?`;
  return 'cannot be asked; look at the address and the key';
}
