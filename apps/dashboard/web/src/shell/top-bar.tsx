import type { Session } from '../../../src/api.js';
import type { Route } from '../route/route.js';
import { Link } from '../route/link.js';
import { Icon } from '../ui/icon.js';
import { newsStore } from '../state/news.js';
import { leave } from '../state/session.js';
import { useStore } from '../state/store.js';
import { count, number } from '../model/words.js';
import { LiveMark } from './live-mark.js';
import { ThemeButton } from './theme-button.js';

const PLACES = [
  { href: '/', label: 'Runs', icon: 'runs', pages: ['runs', 'run'] },
  { href: '/questions', label: 'Questions', icon: 'asking', pages: ['questions'] },
  { href: '/tools', label: 'Tools', icon: 'tools', pages: ['tools', 'tool'] },
  { href: '/cluster', label: 'Cluster', icon: 'cluster', pages: ['cluster'] },
] as const;

/** The bar on top: where one can go, and how live the page is. */
export function TopBar({
  route,
  session,
  onHelp,
}: {
  readonly route: Route;
  readonly session: Session;
  readonly onHelp: () => void;
}) {
  return (
    <header className="top">
      <Link href="/" className="brand" aria-label="Praxis, to the runs">
        <img src="/icon.svg" alt="" width="22" height="22" />
        <span>Praxis</span>
      </Link>
      <nav className="places" aria-label="Pages">
        {PLACES.map(({ href, label, icon, pages }) => (
          <Link
            key={href}
            href={href}
            aria-current={(pages as readonly string[]).includes(route.page) ? 'page' : undefined}
          >
            <Icon name={icon} />
            {label}
            {href === '/questions' && <Waiting />}
          </Link>
        ))}
        <a href="/queues">
          <Icon name="queues" />
          Jobs
        </a>
      </nav>
      <div className="top-end">
        <LiveMark />
        <ThemeButton />
        <button
          type="button"
          className="button-icon hide-narrow"
          onClick={onHelp}
          aria-label="Help and keys"
          title="Help and keys (?)"
        >
          ?
        </button>
        {session.needsKey && (
          <button type="button" className="button-quiet" onClick={() => void leave()}>
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

/** So many are counted; more is many. */
const MOST = 99;

/** How many questions wait for people. */
function Waiting() {
  const open = useStore(newsStore).overview?.questions ?? 0;
  if (open === 0) return null;
  return (
    <span className="badge num" title={`${count(open, 'question')} waiting for a person`}>
      {open > MOST ? `${MOST}+` : number(open)}
      <span className="unseen"> open</span>
    </span>
  );
}
