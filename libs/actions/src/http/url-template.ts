/** What stands in for a value in an address: `{invoice}`, and `{key}` for the action's idempotency key. */
const PLACEHOLDER = /\{([A-Za-z][\w-]*)\}/g;

/** The names that a template wants values for. */
export function placeholders(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/**
 * What is wrong with a template, or null: values may fill its path and query, but never choose where a request goes.
 */
export function templateFault(template: string): string | null {
  if (!/^https?:\/\/[^/?#{}@\\\s]+([/?]|$)/i.test(template))
    return 'must begin with http:// or https:// and a host, with no placeholder and no password in it; give secrets as headers';
  if (template.includes('#')) return 'must have no # part, which is never sent';
  if (/[{}]/.test(template.replace(PLACEHOLDER, '')))
    return 'has a { or } that belongs to no placeholder such as {name}';
  if (!URL.canParse(template.replace(PLACEHOLDER, 'x'))) return 'is no address';
  return pathSegments(template).some(isDots) ? 'must have no . or .. in its path' : null;
}

/** A filled template, or why it cannot be filled. */
export type Filled = { readonly url: URL } | { readonly problem: string };

/** Puts values into a template. A value stays within its place: it can neither add nor take away a part of the path. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): Filled {
  const missing = placeholders(template).find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) return { problem: `there is no value for {${missing}}` };
  const [path] = template.split('?') as [string];
  const empty = placeholders(path).find((name) => values[name] === '');
  if (empty !== undefined) return { problem: `${empty} must not be empty: it is a part of the address` };
  const filled = template.replace(PLACEHOLDER, (_, name: string) => encode(values[name]!));
  // Dots are the one thing that no escaping keeps from changing the path.
  if (pathSegments(filled).some(isDots)) return { problem: 'a part of the address must not be . or ..' };
  return { url: new URL(filled) };
}

const pathSegments = (url: string): readonly string[] => url.split('?')[0]!.split('/').slice(3);

const isDots = (segment: string): boolean => /^(\.|%2e){1,2}$/i.test(segment);

/** Half a surrogate pair, which cannot be escaped, becomes U+FFFD on its way through bytes. */
const encode = (value: string): string => encodeURIComponent(Buffer.from(value).toString());
