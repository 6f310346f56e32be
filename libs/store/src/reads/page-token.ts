import { PraxisError, digest, type Json } from '@praxis/core';

/** Where a page ended: the next one begins with what was accepted before. */
export interface PagePlace {
  readonly acceptedAt: number;
  readonly id: string;
}

/** Names what is listed; a token goes on with the list that it came from, and with no other. */
const nameOf = (list: Json): string => digest(list).slice(0, 12);

/** The place as an opaque text. */
export const formatPageToken = ({ acceptedAt, id }: PagePlace, list: Json): string =>
  Buffer.from(`${acceptedAt} ${id} ${nameOf(list)}`).toString('base64url');

/** Reads a token of ours; fails with `invalid` on anything else, and on one of another list. */
export function parsePageToken(token: string, list: Json): PagePlace {
  const [, at, id, name] = /^(\d{1,16}) (\S+) ([0-9a-f]{12})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined)
    throw new PraxisError('invalid', 'This page token is not one of ours; begin again with the first page.');
  if (name !== nameOf(list))
    throw new PraxisError(
      'invalid',
      'This page token is of a list with another filter; begin again with the first page, or list with the same filter.',
    );
  return { acceptedAt: Number(at), id };
}
