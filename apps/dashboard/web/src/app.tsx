import { useEffect } from 'react';
import { loadSession, sessionStore } from './state/session.js';
import { useStore } from './state/store.js';
import { parseRoute, useAddress, type Route } from './route/route.js';
import { FailureBox, Skeleton } from './ui/states.js';
import { Shell } from './shell/shell.js';
import { SignIn } from './shell/sign-in.js';
import { RunsPage } from './pages/runs/runs-page.js';
import { RunPage } from './pages/run/run-page.js';
import { ToolsPage } from './pages/tools/tools-page.js';
import { ToolPage } from './pages/tools/tool-page.js';
import { ClusterPage } from './pages/cluster/cluster-page.js';
import { Nowhere } from './shell/nowhere.js';

/** The page: signs in where that is needed, then shows what the address names. */
export function App() {
  const { session, failure } = useStore(sessionStore);
  const address = useAddress();
  useEffect(() => void loadSession(), []);
  if (!session) {
    return <main className="alone">{failure ? <FailureBox failure={failure} onRetry={() => void loadSession()} /> : <Skeleton rows={5} />}</main>;
  }
  if (session.needsKey && !session.signedIn) return <SignIn />;
  const route = parseRoute(address.pathname);
  return (
    <Shell route={route} session={session}>
      <Page route={route} address={address} />
    </Shell>
  );
}

function Page({ route, address }: { readonly route: Route; readonly address: URL }) {
  switch (route.page) {
    case 'runs':
      return <RunsPage query={address.searchParams} />;
    case 'run':
      return <RunPage key={route.id} id={route.id} />;
    case 'tools':
      return <ToolsPage query={address.searchParams} />;
    case 'tool':
      return <ToolPage key={route.id} id={route.id} />;
    case 'cluster':
      return <ClusterPage />;
    case 'nowhere':
      return <Nowhere />;
  }
}
