/** A blob without its body. */
export interface BlobNode {
  readonly sha256: string;
  readonly refs: readonly string[];
}

/** Their hashes in such an order that each one comes before those that it names. */
export function referrersFirst(blobs: readonly BlobNode[]): readonly string[] {
  const refs = new Map(blobs.map((b) => [b.sha256, b.refs]));
  const referrers = new Map<string, number>();
  for (const b of blobs) for (const ref of b.refs) referrers.set(ref, (referrers.get(ref) ?? 0) + 1);
  const ready = blobs.filter((b) => !referrers.has(b.sha256)).map((b) => b.sha256);
  for (let i = 0; i < ready.length; i++) {
    for (const ref of refs.get(ready[i]!)!) {
      const left = referrers.get(ref)! - 1;
      referrers.set(ref, left);
      if (left === 0 && refs.has(ref)) ready.push(ref);
    }
  }
  return ready;
}
