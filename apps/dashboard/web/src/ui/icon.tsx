const PATHS = {
  waiting: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11',
  running: 'M8 2.5a5.5 5.5 0 0 1 5.5 5.5',
  done: 'M5 8.3l2.1 2.1L11 6.2',
  failed: 'M5.8 5.8l4.4 4.4m0-4.4l-4.4 4.4',
  cancelled: 'M5.3 8h5.4',
  paused: 'M6.2 5.3v5.4M9.8 5.3v5.4',
  asking: 'M2.8 3h10.4v7.6H8.8L5.8 13.2v-2.6h-3zM6.9 5.8a1.15 1.15 0 1 1 1.7 1.1c-.4.2-.6.4-.6.7m0 1.15v.05',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  fork: 'M4.5 3v10M4.5 9.5c4 0 7-1.5 7-5.5m-2 1.8L11.5 3.6l2 2.2',
  undo: 'M3 6.5h6.5a3.2 3.2 0 0 1 0 6.4H6M5.8 3.7L3 6.5l2.8 2.8',
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 5v3.2l2 1.3',
  dot: 'M8 6.8a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4',
  unknown: 'M6.3 6.4a1.7 1.7 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1m0 1.8v.05',
  runs: 'M3 4h10M3 8h10M3 12h6',
  tools: 'M9.8 2.8a3.4 3.4 0 0 0-4.2 4.4L2.7 10a1.8 1.8 0 0 0 2.6 2.6l2.8-2.8a3.4 3.4 0 0 0 4.4-4.2L10.3 7.7 8.3 5.7z',
  cluster: 'M3 3.5h10v3.5H3zM3 9h10v3.5H3zM5.2 5.3v.01M5.2 10.8v.01',
  queues: 'M3 4.5h7M3 8h10M3 11.5h4M12 10v3m-1.5-1.5h3',
  search: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4m3.1 7.3L13.5 13.5',
  close: 'M4.5 4.5l7 7m0-7l-7 7',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1.2m0 10.6v1.2M1.5 8h1.2m10.6 0h1.2M3.4 3.4l.85.85m7.5 7.5l.85.85m0-9.2l-.85.85m-7.5 7.5l-.85.85',
  moon: 'M13 9.3A5.4 5.4 0 0 1 6.7 3 5.4 5.4 0 1 0 13 9.3',
  auto: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11m0 0v11m2-10.6v10.2m1.8-8.8v7.4',
  next: 'M6 3.5L10.5 8 6 12.5',
  previous: 'M10 3.5L5.5 8l4.5 4.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  arrow: 'M2.5 8h10.5m-3.5-3.5L13 8l-3.5 3.5',
  warning: 'M8 2.8l5.7 10.2H2.3zM8 6.7v2.9m0 1.7v.05',
  plan: 'M2.5 6.2h3.5v3.6H2.5zM10 2.5h3.5v3.6H10zM10 9.9h3.5v3.6H10zM6 8h1.8V4.3H10M7.8 8v3.7H10',
  learn: 'M8 2.3a4 4 0 0 1 2.3 7.3c-.5.4-.7.9-.7 1.4H6.4c0-.5-.2-1-.7-1.4A4 4 0 0 1 8 2.3M6.5 13.5h3',
} as const;

const RINGED = new Set(['done', 'failed', 'cancelled', 'unknown', 'paused']);

export type IconName = keyof typeof PATHS;

/** A small drawing beside a word; screen readers skip it. */
export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      className={`icon icon-${name} ${className}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      {name === 'running' && <circle cx="8" cy="8" r="5.5" className="icon-track" />}
      {RINGED.has(name) && <circle cx="8" cy="8" r="6.2" className="icon-disc" />}
      <path d={PATHS[name]} />
    </svg>
  );
}
