/** Longer names are cut, from their beginning: the extension stays. */
const LONGEST = 150;

/** Controls, and marks that turn the text around: they make a name look like another one. */
// oxlint-disable-next-line no-control-regex
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/**
 * The header that names a file (RFC 6266). The name is a run's, which may have taken it from strangers: of a path only
 * the last part is kept, and nothing in it can end the header or hide what the file is.
 */
export function contentDisposition(kind: 'inline' | 'attachment', path: string): string {
  const name = fileName(path);
  const plain = name.replace(/[^\w.() -]/g, '_');
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeName(name)}`;
}

function fileName(path: string): string {
  const last = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const clean = [...last.replace(UNWANTED, '_')].slice(-LONGEST).join('').trim();
  return /^\.*$/.test(clean) ? 'file' : clean;
}

/** What `encodeURIComponent` leaves as it is, but the header does not allow. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
