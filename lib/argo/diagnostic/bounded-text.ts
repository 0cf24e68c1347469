import type { Diagnostic } from './diagnostic.js';

/** As much of a text of somebody else's as a message quotes. */
export const QUOTED_LENGTH_MAX = 200;
/** A message quotes a few such texts; a longer one tells nobody more. */
const MESSAGE_LENGTH_MAX = 600;
/** Messages may be megabytes; what comes after this much of one is dropped unread. */
const READ_LENGTH_MAX = 20_000;

/** The beginning of a text that a message quotes; an ellipsis says that there was more. Never half a character. */
export function boundedText(text: string, lengthMax = QUOTED_LENGTH_MAX): string {
  if (text.length <= lengthMax) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(lengthMax - 1));
  return `${text.slice(0, isHalf ? lengthMax - 1 : lengthMax)}…`;
}

/** What stands between signs that quote, and what has no space in it: the opening sign, the text, the closing sign. */
const QUOTED: readonly RegExp[] = [
  /(')([^']{201,})('|$)/g,
  /(")([^"]{201,})("|$)/g,
  /(`)([^`]{201,})(`|$)/g,
  /(\{\{)([^{}]{201,})(\}\}|$)/g,
  /(\[)([^[\]]{201,})(\]|$)/g,
  /()([^\s'"`{}[\]]{201,})()/g,
];

/** A message of bounded length. Each text that it quotes is cut by itself, so that the words behind it stay. */
export function boundedMessage(message: string): string {
  if (message.length <= QUOTED_LENGTH_MAX) return message;
  let bounded = boundedText(message, READ_LENGTH_MAX);
  for (const pattern of QUOTED)
    bounded = bounded.replace(
      pattern,
      (_, opening: string, quoted: string, closing: string) => opening + boundedText(quoted) + closing,
    );
  return boundedText(bounded, MESSAGE_LENGTH_MAX);
}

/** A diagnostic as it is handed to the application or printed. */
export function boundedDiagnostic<T extends Pick<Diagnostic, 'metric' | 'path' | 'message' | 'hint'>>(
  diagnostic: T,
): T {
  const { message, hint, metric, path } = diagnostic;
  return {
    ...diagnostic,
    ...(metric !== undefined && { metric: boundedText(metric) }),
    path: boundedMessage(path),
    message: boundedMessage(message),
    ...(hint !== undefined && { hint: boundedMessage(hint) }),
  };
}
