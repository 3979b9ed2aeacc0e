// The text of a document's bytes. Which charset it is in is said by its first bytes, else by the HTTP header, else by
// its XML declaration, in this order (RFC 7303); else it is UTF-8. Labels mean what browsers take them for, so
// ISO-8859-1 is windows-1252. Bytes that are not of that charset are an error: guessed words would be traded on.
import { TextDecoder } from 'node:util';
import { decode as decodeReference } from 'he';
import { markedEncoding } from '../../domain/encoding';

const windows1252 = 'windows-1252';

/** @param contentType the HTTP header. @throws Error in a few words when the bytes cannot be decoded. */
export function decodedText(bytes: Uint8Array, contentType?: string): string {
  const label = markedEncoding(bytes) ?? headerCharset(contentType) ?? sniffed(bytes) ?? 'utf-8';
  const decoder = decoderOf(label);
  try {
    return repaired(decoder.decode(bytes), decoder.encoding);
  } catch {
    throw new Error(`sent bytes that are not ${label}, the charset it names`);
  }
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new Error(`names a charset that is not known, "${label.slice(0, 40)}"`);
  }
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

function headerCharset(contentType = ''): string | undefined {
  const [, label] = /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType) ?? [];
  return label;
}

const declaration = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/;
const declarationMax = 1_024;

/** UTF-16 shows in how `<` is written. A declaration that could be read is not in UTF-16, whatever it says. */
function sniffed(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, [0x3c, 0x00])) return 'utf-16le';
  if (startsWith(bytes, [0x00, 0x3c])) return 'utf-16be';
  const [, label] =
    declaration.exec(Buffer.from(bytes.subarray(0, declarationMax)).toString('latin1')) ?? [];
  return label === undefined || /^utf-?16/i.test(label) ? undefined : label;
}

/**
 * The characters that windows-1252 has where Unicode has controls. Node takes a shorter way for this charset and
 * leaves the controls (its issue 56542); documents that name another charset bring them too.
 */
export const withoutControls1252 = (text: string): string =>
  text.replace(/[\u0080-\u009f]/g, (control) => decodeReference(`&#${control.charCodeAt(0)};`));

const repaired = (text: string, encoding: string): string =>
  encoding === windows1252 ? withoutControls1252(text) : text;
