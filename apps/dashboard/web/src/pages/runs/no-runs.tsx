import { Link } from '../../route/link.js';
import type { RunQuery } from '../../model/run-query.js';
import { EmptyBox } from '../../ui/states.js';

/** No runs at all, or none that fit. */
export function NoRuns({ query }: { readonly query: RunQuery }) {
  const isFiltered =
    query.status !== null || query.world !== null || query.space !== null || query.text !== null || query.page !== null;
  if (isFiltered) {
    return (
      <EmptyBox head="No run fits">
        <p>
          Search looks into titles and the beginnings of run ids. <Link href="/">Show all runs</Link>.
        </p>
      </EmptyBox>
    );
  }
  return (
    <EmptyBox head="No runs yet" command={'npx praxis submit --world household --goal breakfast-a'}>
      <p>
        Submit a goal from a terminal in the same folder, and watch it here: it appears on top as soon as it is
        accepted. Or play the whole demo with <code>npx praxis demo</code>.
      </p>
    </EmptyBox>
  );
}
