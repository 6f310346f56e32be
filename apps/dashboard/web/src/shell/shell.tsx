import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Session } from '../../../src/api.js';
import { focusRow, useKeys } from '../ui/use-keys.js';
import type { Route } from '../route/route.js';
import { Banner } from './banner.js';
import { HelpDialog } from './help-dialog.js';
import { TopBar } from './top-bar.js';

const TITLES: Readonly<Record<Route['page'], string>> = {
  runs: 'Runs',
  run: 'Run',
  questions: 'Questions',
  tools: 'Tools',
  tool: 'Tool',
  cluster: 'Cluster',
  nowhere: 'Not found',
};

/** What stands around every page: the way about, how live it is, and the keys. */
export function Shell({
  route,
  session,
  children,
}: {
  readonly route: Route;
  readonly session: Session;
  readonly children: ReactNode;
}) {
  const [isHelping, setIsHelping] = useState(false);
  const title = TITLES[route.page];
  useEffect(() => {
    document.title = `${title} · Praxis`;
  }, [title]);
  const place = `${route.page} ${'id' in route ? route.id : ''}`;
  const [began] = useState(place);
  useEffect(() => {
    // Whoever reads by ear or by keyboard goes on at the new page's beginning.
    if (place !== began) document.getElementById('main')?.focus({ preventScroll: true });
  }, [place, began]);
  const keys = useMemo(
    () => ({
      j: () => focusRow(1),
      k: () => focusRow(-1),
      '/': () => document.querySelector<HTMLElement>('main input[type=search]')?.focus(),
      '?': () => setIsHelping(true),
    }),
    [],
  );
  useKeys(keys);
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}
      >
        Skip to the content
      </a>
      <TopBar route={route} session={session} onHelp={() => setIsHelping(true)} />
      <Banner />
      <main id="main" tabIndex={-1} className={`page page-${route.page}`}>
        {children}
      </main>
      <HelpDialog isOpen={isHelping} onClose={() => setIsHelping(false)} version={session.version} />
    </>
  );
}
