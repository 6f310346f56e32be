import { Suspense, useEffect } from 'react';
import { loadSession, sessionStore } from './state/session.js';
import { useStore } from './state/store.js';
import { parseRoute, useAddress, type Route } from './route/route.js';
import { part } from './ui/part.js';
import { FailureBox, Skeleton } from './ui/states.js';
import { Shell } from './shell/shell.js';
import { SignIn } from './shell/sign-in.js';
import { RunsPage } from './pages/runs/runs-page.js';
import { ToolsPage } from './pages/tools/tools-page.js';
import { ToolPage } from './pages/tools/tool-page.js';
import { ClusterPage } from './pages/cluster/cluster-page.js';
import { Nowhere } from './shell/nowhere.js';

const RunPage = part(async () => (await import('./pages/run/run-page.js')).RunPage);
const QuestionsPage = part(async () => (await import('./pages/questions/questions-page.js')).QuestionsPage);

/** The page: signs in where that is needed, then shows what the address names. */
export function App() {
  const { session, failure } = useStore(sessionStore);
  const address = useAddress();
  useEffect(() => void loadSession(), []);
  if (!session) {
    return (
      <main className="alone">
        {failure ? <FailureBox failure={failure} onRetry={() => void loadSession()} /> : <Skeleton rows={5} />}
      </main>
    );
  }
  if (session.needsKey && !session.signedIn) return <SignIn />;
  const route = parseRoute(address.pathname);
  return (
    <Shell route={route} session={session}>
      <Suspense fallback={<Skeleton rows={10} />}>
        <Page route={route} address={address} />
      </Suspense>
    </Shell>
  );
}

function Page({ route, address }: { readonly route: Route; readonly address: URL }) {
  switch (route.page) {
    case 'runs':
      return <RunsPage query={address.searchParams} />;
    case 'run':
      return <RunPage key={route.id} id={route.id} />;
    case 'questions':
      return <QuestionsPage query={address.searchParams} />;
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
