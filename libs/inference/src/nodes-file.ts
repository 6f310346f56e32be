import { PraxisError, nodeSpecSchema, type NodeSpec } from '@praxis/core';
import { parse } from 'yaml';
import { z } from 'zod';

const fileSchema = z.strictObject({ nodes: z.array(nodeSpecSchema.strict()) });

/**
 * Reads a file of inference nodes, YAML or JSON; `file` names it in messages. Fails with `invalid` and says where it
 * does not fit.
 */
export function parseNodes(text: string, file: string): readonly NodeSpec[] {
  const parsed = fileSchema.safeParse(read(text, file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new PraxisError(
      'invalid',
      `${file} does not fit at ${issue.path.join('.') || 'its top'}: ${issue.message}. It holds a list called nodes (docs/nodes.md).`,
    );
  }
  const { nodes } = parsed.data;
  const twice = nodes.find(({ name }, i) => nodes.findIndex((n) => n.name === name) < i);
  if (twice)
    throw new PraxisError('invalid', `${file} names the node ${twice.name} twice; give each a name of its own.`);
  return nodes;
}

function read(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new PraxisError('invalid', `${file} is neither YAML nor JSON: ${(cause as Error).message}`, { cause });
  }
}
