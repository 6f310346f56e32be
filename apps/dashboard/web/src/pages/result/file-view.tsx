import { useState } from 'react';
import { viewTypeOf, type ArtifactRef } from '../../../../src/api.js';
import { fileAddress } from '../../model/artifacts.js';
import { visibleText } from '../../model/visible-text.js';
import { size } from '../../model/words.js';
import { MOST_BYTES, useFileText } from '../../state/file-text.js';
import { FailureBox, Skeleton } from '../../ui/states.js';
import { LinesView } from './lines-view.js';

interface FileProps {
  readonly run: string;
  readonly file: ArtifactRef;
}

/** A file as an image or as text: nothing that it holds becomes part of the page. */
export function FileView(props: FileProps) {
  const isImage = viewTypeOf(props.file.mediaType)?.startsWith('image/') === true;
  return isImage ? <ImageView {...props} /> : <TextView {...props} />;
}

function ImageView({ run, file }: FileProps) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken)
    return (
      <p className="small tone-bad">
        The image cannot be shown: it is damaged, or no longer stored. Download it to see more.
      </p>
    );
  return (
    <img
      className="file-image"
      src={fileAddress(run, file, 'view')}
      alt={visibleText(file.name)}
      onError={() => setIsBroken(true)}
    />
  );
}

function TextView({ run, file }: FileProps) {
  const { start, failure } = useFileText(fileAddress(run, file, 'view'));
  if (failure) return <FailureBox failure={failure} />;
  if (!start) return <Skeleton rows={3} />;
  return (
    <>
      <LinesView name={`The file ${visibleText(file.name)}`} text={start.text} className="mono" />
      {start.isCut && (
        <p className="quiet small">These are its first {size(MOST_BYTES)}; download it to see all of it.</p>
      )}
    </>
  );
}
