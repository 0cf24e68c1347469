const NEEDS_LABEL_ESCAPE = /[\\\n"]/;
const NEEDS_HELP_ESCAPE = /[\\\n]/;

/** Escapes a label value for the text between its double quotes. */
export function escapeLabelValue(value: string): string {
  if (!NEEDS_LABEL_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** Escapes the text of a HELP line, where a double quote stands for itself. */
export function escapeHelp(help: string): string {
  if (!NEEDS_HELP_ESCAPE.test(help)) return help;
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Half a surrogate pair is no Unicode: sent as UTF-8, all of them look the same, and so would their series. */
export function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replaceAll(LONE_SURROGATES, '\ufffd') : text;
}

/** The same of a name or a key in UTF-8. A NUL there ends the whole scrape for a Prometheus; in values it is nothing special. */
export function wellFormedName(text: string): string {
  return wellFormed(text).replaceAll('\0', '\ufffd');
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
