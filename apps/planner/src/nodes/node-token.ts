import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { NODE_SILENCE_MS, PraxisError, type RegisteredNode } from '@praxis/core';

/** Makes the token of a registration. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** What is kept of a token: nobody who reads the table can speak for a node. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether a token is that of a node; true for one that an older release registered, which has none. */
export function fitsToken({ tokenHash }: Pick<RegisteredNode, 'tokenHash'>, shown: string): boolean {
  if (tokenHash === undefined || tokenHash === null) return true;
  const [a, b] = [Buffer.from(tokenHash), Buffer.from(hashToken(shown))];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Fails where somebody else registered the node and it is still there. */
export function refuseStranger(node: RegisteredNode | undefined, shown: string, now: number): void {
  if (node && now - node.seenAt <= NODE_SILENCE_MS && !fitsToken(node, shown)) throw strangerOf(node.spec.name);
}

/** What somebody is told who does not hold the token of a node. */
export function strangerOf(name: string): PraxisError {
  const next = `Show the token of its registration (\`--token\`; in the folder where it was registered it is remembered), or wait ${NODE_SILENCE_MS / 1000} seconds after its owner has stopped.`;
  return new PraxisError('conflict', `The node ${name} was registered by somebody else, and is there. ${next}`);
}
