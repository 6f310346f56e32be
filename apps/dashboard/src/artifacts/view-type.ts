const IMAGES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml']);

const TEXTS: ReadonlySet<string> = new Set([
  'application/json',
  'application/ld+json',
  'application/x-ndjson',
  'application/jsonl',
  'application/xml',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/sql',
  'application/javascript',
  'application/x-sh',
]);

/** As what a browser may show a file: an image as it is, every text as plain text, and anything else not at all. */
export function viewTypeOf(mediaType: string): string | null {
  const essence = mediaType.split(';')[0]!.trim().toLowerCase();
  if (IMAGES.has(essence)) return essence;
  const isText = essence.startsWith('text/') || TEXTS.has(essence) || /\+(json|xml|yaml)$/.test(essence);
  return isText ? 'text/plain; charset=utf-8' : null;
}
