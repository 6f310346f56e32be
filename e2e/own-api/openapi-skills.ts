import type { Json, JsonSchema } from '@praxis/core';

/** What of an OpenAPI 3.1 document becomes skills. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}
export interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

/** What a person adds to a document, since it does not say it. */
export interface Additions {
  /** `http://host:port`, without a path. */
  readonly server: string;
  readonly namespace: string;
  nameOf(path: string): string;
  /** What an operation only looks up, whatever its method. */
  isRead(name: string): boolean;
  outputOf(operation: Operation): JsonSchema | null;
  /** Types of arguments that the document has wrong. */
  readonly corrections: Readonly<Record<string, Json>>;
}

/** A skills file (docs/skills.md) with an entry for each operation of an OpenAPI document. */
export function openApiSkills(document: OpenApi, additions: Additions): string {
  const skills = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => entryOf({ document, path, method, operation }, additions)),
  );
  return JSON.stringify({ namespace: additions.namespace, skills });
}

interface Place {
  readonly document: OpenApi;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** The body's fields keep their names; a parameter beside them gets one that a placeholder can hold. */
function entryOf({ document, path, method, operation }: Place, additions: Additions): object {
  const name = additions.nameOf(path);
  const body = fieldsOf(operation, document);
  const parameters = (operation.parameters ?? []).map((p) => ({ ...p, arg: argumentName(p.name, body.properties) }));
  const sentIn = (where: Parameter['in']): object =>
    Object.fromEntries(parameters.filter((p) => p.in === where).map((p) => [p.name, `{${p.arg}}`]));
  const properties = { ...Object.fromEntries(parameters.map((p) => [p.arg, p.schema])), ...body.properties };
  const required = parameters.filter((p) => p.required === true || p.in === 'path').map((p) => p.arg);
  const isRead = additions.isRead(name);
  return {
    ...{ name, summary: operation.summary ?? name, effect: isRead ? 'pure' : 'irreversible', keyed: true },
    input: withDefinitions(
      {
        type: 'object',
        properties: { ...properties, ...pick(additions.corrections, Object.keys(properties)) },
        required: [...required, ...body.required],
      },
      document,
    ),
    output: additions.outputOf(operation),
    http: {
      method: method.toUpperCase(),
      url: additions.server + path.replace(/\{([^}]+)\}/g, (_, p: string) => `{${argumentName(p, body.properties)}}`),
      query: sentIn('query'),
      headers: sentIn('header'),
      ...(operation.requestBody !== undefined && { body: 'json' }),
    },
  };
}

function argumentName(name: string, taken: object): string {
  const word = name.replace(/\W+/g, '_').replace(/^(?![A-Za-z])/, 'p');
  return word === 'key' || word in taken ? `${word}_parameter` : word;
}

interface Fields {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
}

function fieldsOf({ requestBody }: Operation, { components }: OpenApi): Fields {
  const schema = requestBody?.content['application/json']?.schema;
  const named = /^#\/components\/schemas\/(.+)$/.exec(String(schema?.['$ref']))?.[1];
  const whole = named === undefined ? schema : components?.schemas?.[named];
  return { properties: {}, required: [], ...(whole as Partial<Fields>) };
}

const pick = (from: Readonly<Record<string, Json>>, names: readonly string[]): Record<string, Json> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));

/** A schema with the named ones that it refers to, which stand in the document elsewhere. */
function withDefinitions(schema: JsonSchema, { components }: OpenApi): JsonSchema {
  const text = JSON.stringify(schema);
  if (!text.includes('#/components/schemas/')) return schema;
  const moved = JSON.stringify({ ...schema, $defs: components?.schemas ?? {} });
  return JSON.parse(moved.replaceAll('#/components/schemas/', '#/$defs/')) as JsonSchema;
}
