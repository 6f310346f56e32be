import { measure, type SearchPurpose } from './instruments.js';
import { leaf } from './spans.js';

/** The part of a search's result that is measured. */
interface Searched {
  readonly kind: string;
  readonly stats: { readonly evaluated: number };
}

/** The same search, as a leaf of the trace and counted by what it is for. */
export function observeSearch<Request, Result extends Searched>(
  purpose: SearchPurpose,
  search: (request: Request, signal: AbortSignal) => Promise<Result>,
): (request: Request, signal: AbortSignal) => Promise<Result> {
  return (request, signal) =>
    leaf('search', { 'praxis.search.purpose': purpose }, async (note) => {
      const result = await search(request, signal);
      note({ 'praxis.search.outcome': result.kind, 'praxis.search.evaluated': result.stats.evaluated });
      measure.nodes(purpose, result.stats.evaluated);
      return result;
    });
}
