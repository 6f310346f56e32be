import { engineSchema, nodeSpecSchema, PraxisError, type NodeSpec, type ToolUse } from '@praxis/core';

/** A node as the options of `nodes register` say it. */
export interface NodeOptions {
  readonly name: string;
  readonly url: string;
  readonly engine?: string;
  readonly model?: readonly string[];
  readonly slots?: number;
  readonly label?: readonly (readonly [string, string])[];
  readonly keyVariable?: string;
  /** Whether its models take tools. */
  readonly tools?: ToolUse;
}

/** Makes a description of the options; says which one is wrong. */
export function readNode({
  name,
  url,
  engine,
  model = [],
  slots,
  label = [],
  keyVariable,
  tools,
}: NodeOptions): NodeSpec {
  if (engine !== undefined && !engineSchema.safeParse(engine).success) {
    throw new PraxisError(
      'invalid',
      `There is no engine "${engine}"; choose one of ${engineSchema.options.join(', ')}.`,
    );
  }
  const serves = [...new Set(model)].map((served) => ({ name: served }));
  const parsed = nodeSpecSchema.safeParse({
    name,
    url: apiOf(url),
    engine,
    serves,
    slots,
    labels: Object.fromEntries(label),
    keyVariable,
    tools,
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = String(issue.path[0]);
  const option = { serves: '--model', keyVariable: '--key-variable' }[field] ?? `--${field}`;
  const rule =
    field === 'keyVariable'
      ? 'must be the name of a variable, such as NODE_KEY_GPU1, and never the key itself'
      : issue.message;
  throw new PraxisError('invalid', `${option} is wrong: ${rule}.`);
}

/** Where an API begins: most people leave out the path below which an engine serves it. */
export function apiOf(url: string): string {
  return /^https?:\/\/[^/?#]+\/?$/.test(url) ? `${url.replace(/\/$/, '')}/v1` : url;
}

/** Reads `zone=a`. */
export function readLabel(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new PraxisError('invalid', `"${text}" must be a name and a value, such as zone=a.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
