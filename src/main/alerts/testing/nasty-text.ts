import fc from 'fast-check';

const CHARACTERS = [
  ...'abz019 .-_@<>()[],;:"\'\\/=?+&%$\r\n\t\0\u001b\u007f\u0085\u00a0\u200b\u202e\u2028\ufeffé漢🔥',
  '\ud800',
  '\r\n',
];

/** Texts of characters that mean something to mail, to terminals or to nobody. */
export function nastyText(constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...CHARACTERS), ...constraints });
}
