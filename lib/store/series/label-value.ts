// One label's value in the canonical text of a series, without an object for each series. Any thread.

const [QUOTE, COMMA, OPENING_BRACKET, BACKSLASH, CLOSING_BRACKET] = [34, 44, 91, 92, 93];
const [OPENING_BRACE, CLOSING_BRACE] = [123, 125];

/** The value of a label in canonical texts, as JSON: equal for equal values, and for no others. */
export class LabelValue {
  readonly #name: string;

  constructor(label: string) {
    this.#name = `${JSON.stringify(label)}:`;
  }

  /** Undefined: the text does not have the label. */
  in(text: string): string | undefined {
    const from = this.#startIn(text);
    return from === undefined ? undefined : text.slice(from, endOf(text, from));
  }

  #startIn(text: string): number | undefined {
    const name = this.#name;
    if (text.startsWith(name, 1)) return 1 + name.length;
    // A quote behind a comma begins a name or an item of a list, and only behind a name comes a colon.
    const at = text.indexOf(`,${name}`, 1);
    return at < 0 ? undefined : at + 1 + name.length;
  }
}

/** Behind the value that begins there. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = closingQuoteOf(text, at);
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth++;
        break;
      case CLOSING_BRACE:
        if (depth === 0) return at;
        depth--;
        break;
      case CLOSING_BRACKET:
        depth--;
        break;
      case COMMA:
        if (depth === 0) return at;
    }
  return text.length;
}

function closingQuoteOf(text: string, opening: number): number {
  let at = opening + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
