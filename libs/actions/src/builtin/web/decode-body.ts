import { decodeWindows1252 } from '../../text/windows-1252.js';

/** The text of a body: by the charset of its header, else of the page itself, else as UTF-8. */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  const named = /charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? charsetIn(bytes, contentType);
  // By the standard of the web, Latin-1 and ASCII mean Windows-1252.
  return /^(windows-1252|iso-8859-1|latin1|us-ascii|ascii)$/i.test(named ?? '')
    ? decodeWindows1252(bytes)
    : decoderOf(named).decode(bytes);
}

/** A page names its charset in its first kilobyte. */
function charsetIn(bytes: Uint8Array, contentType: string | null): string | undefined {
  if (contentType !== null && !/html/i.test(contentType)) return undefined;
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(
    Buffer.from(bytes.subarray(0, 1_024)).toString('latin1'),
  )?.[1];
}

function decoderOf(charset = 'utf-8'): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** Whether a media type is that of a page. */
export const isHtml = (contentType: string | null): boolean =>
  /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
