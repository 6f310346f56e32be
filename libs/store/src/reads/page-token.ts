import { PraxisError } from '@praxis/core';

/** Where a page ended: the next one begins with what was accepted before. */
export interface PagePlace {
  readonly acceptedAt: number;
  readonly id: string;
}

/** The place as an opaque text. */
export const formatPageToken = ({ acceptedAt, id }: PagePlace): string => Buffer.from(`${acceptedAt} ${id}`).toString('base64url');

/** Reads a token of ours; fails with `invalid` on anything else. */
export function parsePageToken(token: string): PagePlace {
  const [, at, id] = /^(\d{1,16}) (\S+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) throw new PraxisError('invalid', 'This page token is not one of ours; begin again with the first page.');
  return { acceptedAt: Number(at), id };
}
