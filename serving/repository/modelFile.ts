// A model on its way from disk to a scorer, in pieces, so that no process but the scorer holds it whole.
// Hashing 64 MiB at once holds the event loop for a tenth of a second. Every 100 MB the server holds make
// each start of a scorer 5 ms longer, because its page tables are copied then.
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { refused } from '../protocol/errors';

/** Larger models are refused. The scorer's memory limit assumes less. */
const maxModelBytes = 256 * 1024 * 1024;
const pieceBytes = 256 * 1024;

export interface ModelFile {
  readonly size: number;
  /**
   * The bytes in order. The last piece comes only once all of them match the declared digest. @throws
   * Refused.
   */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/**
 * @param sha256 what the bytes must have.
 * @param label the version as messages name it, `model/version`.
 * @throws Refused MODEL_REFUSED when the file can not be read, is empty or too large.
 */
export async function openModelFile(
  path: string,
  sha256: string,
  label: string,
): Promise<ModelFile> {
  const { size } = await stat(path).catch(() => {
    throw refused('MODEL_REFUSED', `Model ${label} has no readable model.onnx.`);
  });
  if (size === 0 || size > maxModelBytes) {
    const sentence = `Model ${label} is ${size} bytes, 1 to ${maxModelBytes} are allowed.`;
    throw refused('MODEL_REFUSED', sentence);
  }
  return { size, pieces: () => readPieces(path, size, { sha256, label }) };
}

async function* readPieces(
  path: string,
  size: number,
  { sha256, label }: { readonly sha256: string; readonly label: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const file = await open(path, 'r').catch(() => {
    throw refused('MODEL_REFUSED', `Model ${label} has no readable model.onnx.`);
  });
  try {
    for (let read = 0; read < size;) {
      const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size - read));
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) throw refused('MODEL_REFUSED', `Model ${label} became shorter.`);
      read += bytesRead;
      hash.update(piece.subarray(0, bytesRead));
      if (read === size) checkDigest(hash.digest('hex'), sha256, label);
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function checkDigest(digest: string, sha256: string, label: string): void {
  if (digest === sha256) return;
  throw refused(
    'MODEL_REFUSED',
    `Model ${label}: its model.onnx has sha256 ${digest}, ${sha256} is declared and signed.`,
  );
}
