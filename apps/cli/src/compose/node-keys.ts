import type { Logger, NodeSpec } from '@praxis/core';
import type { Settings } from '@praxis/platform';

/** The variable of the settings' own key, and how those of nodes that register begin. */
export const OWN_KEY = 'PRAXIS_MODEL_KEY';
const NODE_KEYS = 'NODE_KEY_';

/** Gives the key that a variable holds, for the server at a URL; undefined where it may not be sent there. */
export type KeyOf = (variable: string, url: string) => string | undefined;

/** The variables of the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the keys of nodes.
 *
 * keys.1 A key is sent only to hosts that the operator chose for it: those of the settings' nodes which name its
 *        variable, and those listed in the variable of the same name with `_HOSTS` at its end. A registration can
 *        choose none.
 * keys.2 Of other variables than `NODE_KEY_…`, only those are read which the settings' nodes name.
 */
export function keyOf(
  { model }: Pick<Settings, 'model'>,
  own: readonly NodeSpec[],
  log: Pick<Logger, 'warn'> | null = null,
  env: Environment = process.env,
): KeyOf {
  const named = new Map<string, Set<string>>();
  for (const { keyVariable, url } of own)
    if (keyVariable !== null) named.set(keyVariable, (named.get(keyVariable) ?? new Set()).add(new URL(url).host));
  const read = (variable: string): string | undefined => {
    if (variable === OWN_KEY) return model.key ?? undefined;
    return variable.startsWith(NODE_KEYS) || named.has(variable) ? env[variable] || undefined : undefined;
  };
  const mayGoTo = (variable: string, { host, hostname }: URL): boolean => {
    const listed = (env[`${variable}_HOSTS`] ?? '').split(',').map((entry) => entry.trim().toLowerCase());
    return named.get(variable)?.has(host) === true || listed.includes(host) || listed.includes(hostname);
  };
  const told = new Set<string>();
  const tell = (variable: string, host: string): void => {
    if (told.has(`${variable} ${host}`)) return;
    told.add(`${variable} ${host}`);
    log?.warn('the key of a node is not sent: its host is not listed for this key (docs/nodes.md)', {
      variable,
      host,
      list: `${variable}_HOSTS`,
    });
  };
  return (variable, url) => {
    const key = read(variable);
    if (key === undefined || mayGoTo(variable, new URL(url))) return key;
    tell(variable, new URL(url).host);
    return undefined;
  };
}
