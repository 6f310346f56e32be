import { NodeTrouble } from '../node-trouble.js';
import { BadAnswer, type AnswerBuilder } from './answer-builder.js';
import { httpTrouble, shown } from './http-trouble.js';
import { readEvents } from './read-body.js';

type Loose = Readonly<Record<string, unknown>>;
type Named = { readonly name: string; readonly key: string | null };

/**
 * Reads an answer out of text as it comes, either way that servers send it: a stream of events, or, where one does not
 * stream, one JSON. `heard` is told after each piece, with the text that it brought.
 */
export async function readCompletion(
  node: Named,
  pieces: AsyncGenerator<string, void, undefined>,
  builder: AnswerBuilder,
  heard: (text: string) => void,
): Promise<void> {
  const { first, rest } = await beginning(pieces);
  // No line of a stream begins so, and not every server names what it sends by its right type.
  if (first.startsWith('{')) {
    let text = '';
    for await (const piece of rest) text += piece;
    heard(takeData(node, text, builder));
    if (!builder.hasBegun) throw new BadAnswer('there is no answer in what it sent');
    return;
  }
  const isDone = await readEvents(rest, ({ data, isCut }) => {
    if (isCut && !isJson(data)) return;
    heard(takeData(node, data, builder));
  });
  if (builder.isFinished || (isDone && builder.hasBegun)) return;
  if (isDone) throw new BadAnswer('there is no answer in what it sent');
  throw new NodeTrouble('unreachable', `Node ${node.name} broke off in the middle of its answer`, {
    usage: builder.spent,
  });
}

/** The first text that is no white space, and all the text again. */
async function beginning(
  pieces: AsyncGenerator<string, void, undefined>,
): Promise<{ readonly first: string; readonly rest: AsyncGenerator<string, void, undefined> }> {
  let held = '';
  let isOver = false;
  while (held.trim() === '' && !isOver) {
    const next = await pieces.next();
    if (next.done === true) isOver = true;
    else held += next.value;
  }
  const rest = async function* (): AsyncGenerator<string, void, undefined> {
    if (held !== '') yield held;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  };
  return { first: held.trimStart(), rest: rest() };
}

function takeData(node: Named, data: string, builder: AnswerBuilder): string {
  const body = parse(data);
  if (body.error !== undefined && body.error !== null && !Array.isArray(body.choices))
    throw troubleIn(node, body, builder);
  return builder.take(body);
}

/** Servers that fail after they have begun to answer with 200 say so in an event. */
function troubleIn(node: Named, body: Loose, builder: AnswerBuilder): NodeTrouble {
  const { error } = body;
  const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN;
  const text = JSON.stringify(body);
  const { kind, message } = httpTrouble(
    node,
    Number.isInteger(code) && code >= 400 && code < 600 ? code : 500,
    text,
    null,
  );
  return new NodeTrouble(kind, message, { usage: builder.spent });
}

function parse(data: string): Loose {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    throw new BadAnswer(`it sent something that is no JSON: ${shown(data.slice(0, 200), null)}`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BadAnswer('it sent JSON that is no object');
  return body as Loose;
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    // Cut in the middle.
    return false;
  }
}
