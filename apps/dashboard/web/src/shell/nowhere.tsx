import { Link } from '../route/link.js';
import { EmptyBox } from '../ui/states.js';

/** An address that names nothing. */
export function Nowhere() {
  return (
    <>
      <h1 className="unseen">Not found</h1>
      <EmptyBox head="There is no such page">
        <p>
          Go to the <Link href="/">runs</Link>, the <Link href="/questions">questions</Link>, the{' '}
          <Link href="/tools">tools</Link> or the <Link href="/cluster">cluster</Link>.
        </p>
      </EmptyBox>
    </>
  );
}
