import type { SpareField } from './chat-body.js';
import { troubleKind } from './http-trouble.js';

/** What servers say of a field that they do not take. */
const REFUSAL =
  /unsupported|not supported|does not support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra|invalid|missing field|deserialize/i;

const FIELDS: readonly SpareField[] = [
  'stream_options',
  'return_token_ids',
  'logprobs',
  'seed',
  'response_format',
  'tool_choice',
  'temperature',
];

/** Words of engines that cannot make a grammar of a schema. */
const NO_GRAMMAR = /json[ _-]?schema|grammar/i;

/**
 * The field to leave out when asking again, where a server refused a request because of one that can be done without.
 */
export function refusedField(status: number, text: string, body: object): SpareField | null {
  if ((status !== 400 && status !== 422) || troubleKind(status, text) !== 'refused') return null;
  const isSent = (field: SpareField): boolean => field in body;
  if (isSent('response_format') && NO_GRAMMAR.test(text)) return 'response_format';
  if (!REFUSAL.test(text)) return null;
  if (isSent('max_tokens') && text.includes('max_completion_tokens')) return 'max_tokens';
  return FIELDS.find((field) => isSent(field) && new RegExp(`\\b${field}\\b`).test(text)) ?? null;
}

/** What servers say that take no tools, or none for this model. */
const NO_TOOLS = [
  /(not|n't) support (the )?(`|')?(tools?|functions?)\b/i,
  /\btools?\b[^.]{0,60}(not (yet )?(supported|permitted|allowed|available|enabled)|unsupported)/i,
  /(unsupported|unknown|unrecogni[sz]ed|unexpected|extra)[^.]{0,60}\btools\b/i,
  /\btools\b[^.]{0,60}(extra (inputs|fields)|unexpected|unrecogni[sz]ed|unknown field)/i,
  /requires? (the )?--(jinja|enable-auto-tool-choice|tool-call-parser)/i,
  /no endpoints? found that supports? tool/i,
];

/** Whether a server refused a request because of the tools in it, which can be described in the prompt instead. */
export function refusesTools(status: number, text: string, body: object): boolean {
  return 'tools' in body && status >= 400 && status < 600 && NO_TOOLS.some((pattern) => pattern.test(text));
}

/**
 * What servers are known to refuse, by address and model, so that each is asked only once with it. A schema that was
 * refused says nothing of the next one and is not kept.
 */
export class Concessions {
  readonly #refused = new Map<string, Set<SpareField>>();

  of(url: string, model: string): Set<SpareField> {
    return new Set(this.#refused.get(`${url} ${model}`));
  }

  note(url: string, model: string, field: SpareField): void {
    if (field === 'response_format') return;
    const key = `${url} ${model}`;
    this.#refused.set(key, new Set([...(this.#refused.get(key) ?? []), field]));
  }
}
