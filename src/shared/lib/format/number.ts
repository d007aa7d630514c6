/** Writes a number with at most this many decimals, without trailing zeros. */
export type NumberText = (value: number, maxDecimals: number) => string;

/** Numbers as one language writes them. Formatters are made once: making one takes longer than writing a thousand values. */
export function numbersIn(locale: string): NumberText {
  const formats = new Map<number, Intl.NumberFormat>();
  return (value, maxDecimals) => {
    let format = formats.get(maxDecimals);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { maximumFractionDigits: maxDecimals });
      formats.set(maxDecimals, format);
    }
    const text = format.format(value);
    // What rounds to nothing has no sign.
    return /[1-9]/.test(text) ? text : format.format(0);
  };
}

/** Numbers in the log, mail, findings and commands, whatever the language of the machine: `1,234.5`. */
export const plainNumber = numbersIn('en-US');
