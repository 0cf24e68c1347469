// Go's ways to write JSON and numbers, where Argo offers them as variables.

/** As Go's `json.Marshal` writes it: like `JSON.stringify`, but safe inside HTML. */
export function marshalJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As Go's `strconv.FormatFloat(number, 'f', -1, 64)`: never with an exponent. */
export function plainDecimal(number: number): string {
  const text = String(number);
  const [, sign = '', whole = '', fraction = '', exponentText = ''] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponentText === '') return text;
  const exponent = Number(exponentText);
  if (exponent > 0) return `${sign}${whole}${fraction.padEnd(exponent, '0')}`;
  return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
}
