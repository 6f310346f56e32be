import { useId, useState, type ReactNode } from 'react';
import { viewTypeOf, type ArtifactRef } from '../../../../src/api.js';
import { fileAddress } from '../../model/artifacts.js';
import { visibleText } from '../../model/visible-text.js';
import { size } from '../../model/words.js';
import { Text } from '../../ui/text.js';
import { FileView } from './file-view.js';

interface FilesProps {
  readonly run: string;
  readonly files: readonly ArtifactRef[];
}

/** Files by name, to be saved, and to be looked at where that is safe. */
export function FileList({ run, files }: FilesProps) {
  return (
    <ul className="files" aria-label="Files">
      {files.map((file) => (
        <FileRow key={`${file.$artifact} ${file.name}`} run={run} file={file} />
      ))}
    </ul>
  );
}

function FileRow({ run, file }: { readonly run: string; readonly file: ArtifactRef }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const name = visibleText(file.name);
  return (
    <li>
      <div className="file">
        <Text className="file-name" value={file.name} />
        <Text className="quiet small" value={file.mediaType} />
        <span className="quiet small num">{size(file.size)}</span>
        <span className="file-ways">
          {viewTypeOf(file.mediaType) !== null && (
            <button
              type="button"
              className="button-link"
              aria-expanded={isOpen}
              aria-controls={id}
              aria-label={`View ${name}`}
              onClick={() => setIsOpen(!isOpen)}
            >
              view
            </button>
          )}
          <FileLink run={run} file={file} name={`Download ${name}`}>
            download
          </FileLink>
        </span>
      </div>
      <div id={id}>{isOpen && <FileView run={run} file={file} />}</div>
    </li>
  );
}

/** Files in one line each, to be saved. */
export function FileLinks({ run, files }: FilesProps) {
  return files.map((file) => (
    <span key={`${file.$artifact} ${file.name}`} className="file-line">
      <FileLink run={run} file={file}>
        <Text value={file.name} />
      </FileLink>{' '}
      <span className="quiet small num">{size(file.size)}</span>
    </span>
  ));
}

function FileLink({
  run,
  file,
  name,
  children,
}: {
  readonly run: string;
  readonly file: ArtifactRef;
  readonly name?: string;
  readonly children: ReactNode;
}) {
  return (
    <a href={fileAddress(run, file, 'save')} aria-label={name}>
      {children}
    </a>
  );
}
